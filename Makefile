# authpad: one verb each. Needs Go, git and make; `make test` also Chromium, lighttpd,
# apache2, openssl and curl, which it installs where it may.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

GO     ?= go
JS     := GOOS=js GOARCH=wasm CGO_ENABLED=0
BUDGET := 1130# kB of 1000 bytes, gzip: everything that a first visit loads; the bar is 1200

AUTHPAD_VECTORS ?= $(abspath ../shared/vectors)
export AUTHPAD_VECTORS

# What reaches the browser is what wasm/ imports: those packages are tested and vetted there too.
BROWSER_PACKAGES = $(shell $(JS) $(GO) list -deps ./wasm | grep '^authpad/')
# A page's environment must stay small (wasm_exec.js has 8 KiB for it), so the browser gets only what tests read.
IN_BROWSER = env -i 'PATH=$$PATH' 'HOME=$$HOME' 'CI=$${CI:-}' 'AUTHPAD_VECTORS=$$AUTHPAD_VECTORS' \
	'GOROOT=$$($(GO) env GOROOT)' '$(CURDIR)/.bin/wasmbrowsertest'

DIST ?= dist

.PHONY: help published build run test test-native test-browser interop lint fmt bench size golden dist clean \
	wasm native assets

help: ## print this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

build: ## build the page into web/ and the native program into .bin/
	@$(MAKE) native wasm
	@$(MAKE) assets

wasm: native
	@$(GO) mod download github.com/hack-pad/safejs # go list names no folder before that
	@.bin/site safejs "$$($(GO) list -m -f '{{.Dir}}' github.com/hack-pad/safejs)" .bin/safejs
	@cp go.mod .bin/page.mod && cp go.sum .bin/page.sum
	@$(GO) mod edit -replace github.com/hack-pad/safejs=./.bin/safejs .bin/page.mod
	$(JS) $(GO) build -modfile=.bin/page.mod -trimpath -buildvcs=false -tags page -ldflags='-s -w' -o .bin/authpad.wasm.new ./wasm
	@.bin/site shrink .bin/authpad.wasm.new
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
	@.bin/site schemes .bin/authpad > .bin/schemes.js && mv .bin/schemes.js web/schemes.js
	@.bin/site assets web > .bin/assets.js && mv .bin/assets.js web/assets.js

run: build ## build everything, serve it on 127.0.0.1 and print the address
	@.bin/authpad serve

test: ## run every test: native with -race, and in Chromium the core, the boundary and the page
	@.ci/need 'chromium|chromium-browser|google-chrome|google-chrome-stable|headless_shell' chromium
	@.ci/need openssl openssl && .ci/need curl curl || echo 'without them the tests that ask them are skipped'
	@.ci/need lighttpd lighttpd && .ci/need apache2 apache2-bin || echo 'without them the tests against real servers are skipped'
	@.ci/need 'gcc|clang' gcc libc6-dev || echo 'without a C compiler the tests run without -race'
	@$(MAKE) build .bin/wasmbrowsertest
	@$(MAKE) -k test-native test-browser

test-native:
	$(GO) test $$(if command -v gcc clang >/dev/null; then echo -race; fi) -timeout 20m ./...

test-browser:
	$(JS) $(GO) test -p 1 -timeout 10m -exec "$(IN_BROWSER)" $(BROWSER_PACKAGES)

interop: ## have libraries and a server of other people judge what is signed; the first time takes some minutes
	@.ci/interop

lint: .bin/staticcheck .bin/jsguard native ## check formatting, Go, the boundary's Go, the page's sources and the top level
	@unformatted=$$(gofmt -l core wasm); if [ -n "$$unformatted" ]; then echo "not gofmt-clean: $$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(JS) $(GO) vet $(BROWSER_PACKAGES)
	.bin/staticcheck ./...
	$(JS) .bin/staticcheck $(filter-out authpad/wasm,$(BROWSER_PACKAGES))
	$(JS) .bin/staticcheck -checks inherit,-U1000 ./wasm # it takes functions that only JavaScript calls for unused
	$(JS) .bin/jsguard $(BROWSER_PACKAGES)
	.bin/site check .

fmt: ## format the Go sources
	gofmt -w core wasm

bench: build ## measure the page in Chromium and print a table
	@.ci/need 'chromium|chromium-browser|google-chrome|google-chrome-stable|headless_shell' chromium
	$(GO) test -run '^$$' -bench . -benchtime 1x -timeout 30m -v ./core/e2e

size: ## weigh a first visit; fails above the budget
	@.ci/need xz xz-utils
	@$(MAKE) build
	@$(MAKE) published DIST=.bin/dist
	@.bin/site size .bin/dist $(BUDGET)

golden: ## write the golden files anew; review the diff like code
	AUTHPAD_GOLDEN=update $(GO) test -count=1 -run Golden ./core/...

dist: ## write dist/, which works from any path of any static host
	@.ci/need xz xz-utils || echo 'without it dist/ works as well, and its module is a quarter larger'
	@$(MAKE) build
	@$(MAKE) published
	@echo '$(DIST)/ is ready: copy it to any static host.'

# The page as it is published: the module packed by xz where there is one, each other file on its own as in web/, without
# comments and long names. wasm_exec.js keeps its notice.
published: .bin/esbuild
	@if command -v xz >/dev/null; then $(MAKE) .bin/authpad.wasm.xz; else rm -f .bin/authpad.wasm.xz; fi
	@.bin/site dist web $(DIST) $$(ls .bin/authpad.wasm.xz 2>/dev/null)
	@cd $(DIST) && '$(CURDIR)/.bin/esbuild' --minify --charset=utf8 --log-level=error --outdir=. --allow-overwrite \
		$$(ls *.js *.css | grep -v wasm_exec.js)
	@.bin/site assets $(DIST) > .bin/assets.js && mv .bin/assets.js $(DIST)/assets.js

# A reader of it must have room for the dictionary: 8 MiB hold the whole module.
.bin/authpad.wasm.xz: .bin/authpad.wasm
	@xz --check=crc32 --lzma2=preset=9e,dict=8MiB,lc=4,pb=0 -c $< > $@.new && mv $@.new $@

clean: ## remove everything that make built
	rm -rf .bin dist web/authpad.wasm web/authpad.wasm.gz web/wasm_exec.js web/schemes.js web/schemes.json web/assets.js

# Tools, at the versions of go.mod's tool lines.
.bin/esbuild: TOOL = github.com/evanw/esbuild/cmd/esbuild
.bin/wasmbrowsertest: TOOL = github.com/agnivade/wasmbrowsertest
.bin/staticcheck: TOOL = honnef.co/go/tools/cmd/staticcheck
.bin/jsguard: TOOL = github.com/hack-pad/safejs/jsguard/cmd/jsguard
.bin/esbuild .bin/wasmbrowsertest .bin/staticcheck .bin/jsguard: go.mod
	@mkdir -p .bin
	$(GO) build -o $@ $(TOOL)
	@touch $@
