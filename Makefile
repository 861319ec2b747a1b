# What a person types; nothing here that the scripts do not do.
.PHONY: build test lint demo bench soak

build:
	swift build

test:
	scripts/test

lint:
	scripts/lint

demo:
	scripts/demo

bench:
	swift run -c release rotation-benchmark

soak:
	scripts/soak
