# authpad: one verb each. Needs Go, git and make; `make test` also Chromium, which it installs where it may.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

GO     ?= go
JS     := GOOS=js GOARCH=wasm CGO_ENABLED=0
BUDGET := 1000# kB of 1000 bytes, gzip -9: everything that a first visit loads

AUTHPAD_VECTORS ?= $(abspath ../shared/vectors)
export AUTHPAD_VECTORS

# What reaches the browser is what wasm/ imports: those packages are tested and vetted there too.
BROWSER_PACKAGES = $(shell $(JS) $(GO) list -deps ./wasm | grep '^authpad/')
# A page's environment must stay small (wasm_exec.js has 8 KiB for it), so the browser gets only what tests read.
IN_BROWSER = env -i PATH="$$PATH" HOME="$$HOME" CI="$${CI:-}" AUTHPAD_VECTORS="$$AUTHPAD_VECTORS" \
	GOROOT="$$($(GO) env GOROOT)" $(CURDIR)/.bin/wasmbrowsertest

.PHONY: help build run test test-native test-browser lint fmt bench size golden dist clean \
	browser wasm native assets

help: ## print this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

build: ## build the page into web/ and the native program into .bin/
	@$(MAKE) wasm native
	@$(MAKE) assets

wasm:
	@mkdir -p .bin
	$(JS) $(GO) build -trimpath -buildvcs=false -ldflags='-s -w' -o .bin/authpad.wasm.new ./wasm
	@if ! cmp -s .bin/authpad.wasm.new .bin/authpad.wasm || [ ! -e web/authpad.wasm.gz ]; then \
		mv .bin/authpad.wasm.new .bin/authpad.wasm; \
		gzip -9nc .bin/authpad.wasm > .bin/authpad.wasm.gz; \
		mv .bin/authpad.wasm.gz web/authpad.wasm.gz; \
	else rm .bin/authpad.wasm.new; fi
	@cp "$$($(GO) env GOROOT)/lib/wasm/wasm_exec.js" web/wasm_exec.js

native:
	@mkdir -p .bin
	$(GO) build -buildvcs=false -o .bin/ ./core/cmd/authpad ./core/internal/site

assets:
	@.bin/site schemes .bin/authpad > .bin/schemes.json && mv .bin/schemes.json web/schemes.json
	@.bin/site assets web > .bin/assets.js && mv .bin/assets.js web/assets.js

run: build ## build everything, serve it on 127.0.0.1 and print the address
	@.bin/authpad serve
