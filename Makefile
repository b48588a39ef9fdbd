# SPDX-License-Identifier: Apache-2.0
# Each target does all of its own set-up. On Windows: py packaging\dev.py run
# ARGS are handed on: make run ARGS=path/to/folder, make test ARGS="-k scan"

.PHONY: run test lint fix setup bench coverage example lock build deb test-deb test-frozen test-install clean

.DEFAULT_GOAL := run

run test lint setup bench coverage example lock build deb test-deb test-frozen test-install:
	@sh packaging/dev.sh $@ $(ARGS)

fix:
	@sh packaging/dev.sh lint --fix

clean:
	rm -rf .venv build dist weighbridge.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis htmlcov .coverage
	find core gui resources packaging tests -name __pycache__ -type d -prune -exec rm -rf {} +
