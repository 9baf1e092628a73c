"""The model's graph, run in an order that is found once.

Stock rasa hands it to dask for every message and every prediction, which sorts it anew and keeps books that a graph of
a few nodes run one after the other does not need: a tenth of a server's time.
"""

from __future__ import annotations

from typing import Any

import rasa.core.processor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner


class OrderedGraphRunner(DaskGraphRunner):
    """Rasa's runner with an order of its own; serves a trained model (training goes on with rasa's)."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._orders: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """As rasa's: the outputs of `targets`, with `inputs` in the place of nodes."""
        wanted = targets or self._graph_schema.target_names
        given = inputs or {}
        results: dict[str, Any] = {name: (name, value) for name, value in given.items()}
        try:
            for name, parents in self._order(tuple(wanted)):
                # A parent without a result is named: the node says what is missing.
                results[name] = self._instantiated_nodes[name](*(results.get(p, p) for p in parents))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(results[name] for name in wanted)

    def _order(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        """Every node that `targets` need, parents first, with its parents."""
        if targets not in self._orders:
            nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
            order: dict[str, tuple[str, ...]] = {}

            def visit(name: str) -> None:
                if name in nodes and name not in order:
                    parents = tuple(nodes[name].needs.values())
                    for parent in parents:
                        visit(parent)
                    order[name] = parents

            for name in nodes:
                visit(name)
            self._orders[targets] = list(order.items())
        return self._orders[targets]


def mend() -> None:
    """Make message processors serve their model with this runner."""
    rasa.core.processor.DaskGraphRunner = OrderedGraphRunner
