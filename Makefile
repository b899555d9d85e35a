# Every word that a contributor needs. The scripts behind them are in .ci/.
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench format leak-test torture screenshots

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing (apt on Debian and Ubuntu); does nothing when all is there
	@.ci/setup

run: setup ## the demo: release three sample bulletins, deliver them, serve them as feeds, show who got what
	@.ci/demo

check: ## format, architecture rules, swift test
	@.ci/format-check
	swift test

test: setup check ## setup, check, and the tests in other languages: what CI runs
	@.ci/python-tests

bench: setup ## measure against peers in the same run, in a release build
	@.ci/bench

format: ## format every Swift file in place
	swift format format --in-place --parallel --recursive Package.swift Sources Tests

leak-test: setup ## a million random decisions: no portion reaches a reader who may not see it, by any outlet
	REVERE_LEAK_TEST=long swift test -c release --filter Leak

screenshots: setup ## the README's pictures: products on a phone and on paper, the preview
	@.ci/screenshots

torture: setup ## kill it 200 times while it sends to 2,000 readers: nobody skipped, second copies bounded
	@.ci/torture
