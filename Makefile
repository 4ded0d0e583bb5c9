# Askwell: `make run` shows it, `make test` proves it; the rest is for working on it.
# Everything built lands in a dist/ folder, which git ignores.

ASKWELL := collector/dist/askwell
SOURCES := $(shell find collector widget/src widget/embed.go sdk/src examples scripts/build \( -name '*.go' -o -name '*.ts' -o -name '*.json' -o -name '*.yaml' -o -name '*.sql' -o -path 'examples/*' \) -type f -not -path '*/node_modules/*' -not -path '*/dist/*') go.mod go.sum

.PHONY: run build test check lint size bench soak fuzz generate clean unit types

run: build ## the demo shop, at http://localhost:8080
	$(ASKWELL) serve --demo

build: $(ASKWELL) ## the collector, one static binary with the page scripts in it

test: build lint size unit types chromium ## all tests: Go with the race detector, types, units, real Chromium
	scripts/need.sh gcc gcc libc6-dev
	scripts/need.sh strace strace
	scripts/need.sh prlimit util-linux
	CGO_ENABLED=1 go test -race ./...
	cd widget && npm run --silent e2e

check: unit types ## the quick loop: vet, types, unit tests
	go vet ./...
	go test ./...

lint: node_modules ## formatting, staticcheck, biome, the OpenAPI document
	@test -z "$$(gofmt -l collector examples scripts widget/*.go)" || { echo "not gofmt-ed:"; gofmt -l collector examples scripts widget/*.go; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	cd widget && npm run --silent lint
	cd sdk && npm run --silent lint

size: page-scripts ## what a page downloads; fails over budget
	go run ./scripts/size

bench: build chromium node_modules ## accepted responses a second beside the same server without a store, sizes, and what arming costs a page
	go run ./scripts/bench
	go run ./scripts/size
	cd widget && npm run --silent bench

soak: ## kills the collector a thousand times under load, and compares what it holds with what it said
	ASKWELL_SOAK=$${ASKWELL_SOAK:-1000} go test -count=1 -v -timeout 60m -run Killed ./collector/faults

FUZZ_TIME := 30s
fuzz: ## every decoder that faces the internet, for a while each (FUZZ_TIME)
	@grep -rHo '^func Fuzz[A-Za-z]*' --include=*_test.go collector | while IFS=: read -r file func; do \
		go test -run '^$$' -fuzz "^$${func#func }\$$" -fuzztime $(FUZZ_TIME) "./$$(dirname "$$file")" || exit 1; done

generate: node_modules ## JSON Schema, OpenAPI and TypeScript types, from the Go types
	go run ./scripts/generate

clean: ## forget everything built and installed
	rm -rf */node_modules collector/dist/* sdk/dist/*
	git clean -fdxq widget/dist

$(ASKWELL): $(SOURCES)
	go run ./scripts/build
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o $@ ./collector

.PHONY: page-scripts node_modules chromium
page-scripts:
	go run ./scripts/build

unit: page-scripts node_modules
	cd sdk && npm test --silent
	cd widget && npm test --silent

types: node_modules
	cd sdk && npm run --silent types
	cd widget && npm run --silent types

node_modules: sdk/node_modules/.package-lock.json widget/node_modules/.package-lock.json
%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --loglevel=error

chromium:
	scripts/need.sh $${CHROMIUM:-chromium} chromium fonts-dejavu-core
	scripts/need.sh $${CHROMIUM_SHELL:-chromium-headless-shell} chromium-headless-shell
