import numpy as np
import torch
from torch.nn.functional import normalize

from finetune.train.base import open_base, pool
from finetune.train.network import SentenceClassifier, supervised_contrast
from finetune.train.sampling import GroupedSampler


def test_texts_drawn_to_their_label_have_less_contrast_to_lose():
    labels = torch.tensor([0, 0, 1, 1])
    apart = torch.tensor([[1.0, 0], [1, 0], [0, 1], [0, 1]])
    mixed = torch.tensor([[1.0, 0], [0, 1], [1, 0], [0, 1]])
    assert supervised_contrast(apart, labels) < 0.01 < supervised_contrast(mixed, labels)


def test_texts_alone_with_their_label_count_nothing_and_have_a_gradient():
    vectors = normalize(torch.randn(3, 4), dim=1).requires_grad_()
    loss = supervised_contrast(vectors, torch.tensor([0, 1, 2]))
    loss.backward()
    assert loss.item() == 0
    assert not vectors.grad.isnan().any()


def test_pooling_leaves_padding_out():
    hidden, mask = torch.tensor([[[3.0, 4.0], [100.0, 0.0]]]), torch.tensor([[1, 0]])
    assert torch.allclose(pool(hidden, mask, "mean"), torch.tensor([[0.6, 0.8]]))
    assert torch.allclose(pool(hidden, mask, "cls"), torch.tensor([[0.6, 0.8]]))


def test_the_head_as_it_is_served_gives_the_logits_of_the_network(base):
    with open_base(base) as opened, torch.inference_mode():
        network = SentenceClassifier(opened, 3, smoothing=0.0, contrast=0.0, views=1).eval()
        ids, mask = torch.tensor([[2, 5, 3], [2, 7, 3]]), torch.ones((2, 3), dtype=torch.long)
        vectors, logits = network.embed(ids, mask), network(ids, mask)["logits"]
    head = network.linear_head("abc")
    assert head.labels == ("a", "b", "c")
    assert np.allclose(head.logits(vectors.numpy()), logits.numpy(), atol=1e-4)


def test_the_packaged_chinese_encoder_is_a_base():
    with open_base("intfloat/multilingual-e5-small", 1) as opened, torch.inference_mode():
        network = SentenceClassifier(opened, 2, smoothing=0.0, contrast=0.0, views=1).eval()
        pieces = torch.tensor(opened.pieces(["我要退货"]))
        assert network.embed(pieces, torch.ones_like(pieces)).shape == (1, 384)


def sampler(epoch, together=2):
    labels, lengths = np.repeat(np.arange(5), 8), np.arange(40) % 7
    return list(GroupedSampler(labels, lengths, together=together, batch=8, seed=3, epoch=lambda: epoch)), labels


def test_every_example_is_seen_once_in_an_order_of_the_epochs_own():
    first, _ = sampler(0)
    assert sorted(first) == list(range(40))
    assert first == sampler(0)[0] != sampler(1)[0]


def test_examples_of_a_label_stand_side_by_side():
    order, labels = sampler(0, together=4)
    batches = [labels[order[n : n + 8]] for n in range(0, 40, 8)]
    assert all(len(set(batch)) <= 2 for batch in batches)


def test_alike_lengths_share_a_batch_so_that_little_is_padding():
    pick = np.random.default_rng(0)
    labels, lengths = pick.integers(0, 30, 3000), np.exp(pick.normal(2.6, 0.5, 3000)).astype(int) + 3
    order = list(GroupedSampler(labels, lengths, together=2, batch=64, seed=0, epoch=lambda: 0))
    batches = [lengths[order[n : n + 64]] for n in range(0, 3000, 64)]
    assert sum(len(batch) * batch.max() for batch in batches) < 1.25 * lengths.sum()
