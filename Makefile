# Needs Python 3.11 or newer and make; everything else is installed into .venv, from requirements with hashes.
# `make PYTHON=/path/to/python` names the Python.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
# a command with a throw-away PostgreSQL and made-up secrets
WITH_DATABASE := $(BIN)/python -m config.embedded.run --
PACKAGES := config accounts availability bookings integrations
CHECKS := check-format check-lint check-types check-imports check-templates check-requirements check-messages \
	check-migrations check-deploy
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help demo test bench torture check $(CHECKS) messages lock clean

help:
	@echo 'make demo      a whole site to try out, from nothing; Ctrl-C stops it, its data stays in .local/'
	@echo 'make test      all tests'
	@echo 'make bench     measures core, slots request, booking and sync; ratios on the screen and in .local/bench.json'
	@echo 'make torture   the long trials, an hour at most; make torture PARTS="storms mail" runs some of them'
	@echo 'make check     format, lint, types, import contracts, templates, messages, migrations, deployment settings'
	@echo 'make messages  bring the catalogues in locale/ up to date (needs gettext)'
	@echo 'make lock      pin requirements/*.in anew, with hashes'
	@echo 'make clean     remove .venv and caches (the data in .local/ stays)'

demo: $(INSTALLED)
	@exec $(BIN)/python -m config.demo

test: $(INSTALLED)
	@exec $(BIN)/python -m tests

bench: $(INSTALLED)
	@exec $(BIN)/python -m tests.bench

torture: $(INSTALLED)
	@exec $(BIN)/python -m tests.torture $(PARTS)

check: $(CHECKS)

check-format: $(INSTALLED)
	$(BIN)/ruff format --check

check-lint: $(INSTALLED)
	$(BIN)/ruff check

check-types: $(INSTALLED)
	$(WITH_DATABASE) $(BIN)/mypy $(PACKAGES)

check-imports: $(INSTALLED)
	$(BIN)/lint-imports

check-templates: $(INSTALLED)
	$(BIN)/djlint templates --lint --quiet

# a pinned requirement names a package and its hashes; which registry it comes from is the reader's business
check-requirements:
	@! grep -nE 'https?://|--(extra-)?index-url|--find-links' requirements/*.in requirements/*.txt

check-messages: $(INSTALLED)
	$(WITH_DATABASE) $(BIN)/python .ci/messages.py

check-migrations: $(INSTALLED)
	$(WITH_DATABASE) $(BIN)/python manage.py makemigrations --check --dry-run

check-deploy: $(INSTALLED)
	PUBLIC_BASE_URL=https://book.example.org ALLOWED_HOSTS=book.example.org \
		$(WITH_DATABASE) $(BIN)/python manage.py check --deploy --fail-level WARNING

messages: $(INSTALLED)
	$(WITH_DATABASE) $(BIN)/python manage.py makemessages --locale de --ignore tests --add-location file --no-wrap --no-obsolete
	$(WITH_DATABASE) $(BIN)/python manage.py compilemessages --ignore .venv

lock: $(INSTALLED)
	$(COMPILE) requirements/bootstrap.in -o requirements/bootstrap.txt
	$(COMPILE) requirements/base.in -o requirements/base.txt
	$(COMPILE) requirements/dev.in -o requirements/dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements/bootstrap.txt requirements/dev.txt config/install.py
	@command -v $(PYTHON) >/dev/null || { echo 'Holdfast needs Python 3.11 or newer, and there is no $(PYTHON) here.' >&2; exit 1; }
	@$(PYTHON) -I config/install.py
