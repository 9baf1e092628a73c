# `make up` starts everything, `make test` passes every test. Each target installs what it needs first.

# Images often set it; every start of a server would then compile thousands of modules anew, for 5 s.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: up install install-finetune fix check test clean

up: install
	@.venv/bin/frontdesk up

install:
	@sh scripts/install.sh

install-finetune:
	@sh scripts/install.sh finetune

fix:
	@sh scripts/install.sh dev
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

check:
	@sh scripts/install.sh dev
	@sh scripts/check.sh

test:
	@sh scripts/install.sh dev finetune
	@sh scripts/test.sh

clean:
	@rm -rf models var results .rasa
