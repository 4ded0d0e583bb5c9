# Askwell: `make run` shows it, `make test` proves it; the rest is for working on it.
# Everything built lands in a dist/ folder, which git ignores.

ASKWELL := collector/dist/askwell
SOURCES := $(shell find collector widget/src widget/embed.go sdk/src examples scripts/build \( -name '*.go' -o -name '*.ts' -o -name '*.json' -o -name '*.yaml' -o -name '*.sql' -o -path 'examples/*' \) -type f -not -path '*/node_modules/*' -not -path '*/dist/*') sdk/package.json widget/package.json go.mod go.sum

SELF_HOST := examples/self-host/test
# Litestream as examples/self-host pins it, built here: its images cannot be pulled everywhere.
LITESTREAM := $(SELF_HOST)/dist/litestream
LITESTREAM_VERSION := $(shell sed -n 's|.*litestream/litestream:\([0-9.]*\).*|\1|p' examples/self-host/litestream/compose.yaml)

# SQLite itself, C made Go, locks for itself: watched by the race detector too, the store's tests take 424 s for 140.
# Its driver and its C library stay watched: what we hand over is read there.
WITHOUT_RACE := modernc.org/sqlite/lib=-race=false

.PHONY: run example build test check lint packages docs size bench bench-scores soak fuzz generate release self-host clean unit types

run: build ## the demo shop, at http://localhost:8080
	$(ASKWELL) serve --demo

example: build node_modules ## one of examples/, in a browser at http://localhost:3000: make example NAME=plain-html (PORT, ASKWELL_PORT)
	@node examples/start.mjs $(NAME)

build: $(ASKWELL) ## the collector, one static binary with the page scripts in it

test: build lint size unit types chromium self-host ## all tests: Go with the race detector, types, units, real Chromium
	scripts/need.sh gcc gcc libc6-dev
	scripts/need.sh strace strace
	scripts/need.sh prlimit util-linux
	scripts/need.sh promtool prometheus
	examples/wordpress/fetch.sh
	CGO_ENABLED=1 go test -race -gcflags='$(WITHOUT_RACE)' -timeout 30m ./...
	go run ./scripts/package # the types, which an example is compiled with
	cd widget && npm run --silent e2e
	cd sdk && npm run --silent server
	cd sdk && npm run --silent packages

check: unit types ## the quick loop: vet, types, unit tests
	go vet ./...
	go test ./...

lint: node_modules ## formatting, staticcheck, biome, the OpenAPI document
	@test -z "$$(gofmt -l collector examples scripts widget/*.go)" || { echo "not gofmt-ed:"; gofmt -l collector examples scripts widget/*.go; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	cd widget && npm run --silent lint
	cd sdk && npm run --silent lint

packages: page-scripts node_modules ## the packages for npm, as tarballs in sdk/dist
	go run ./scripts/package

docs: node_modules ## the reference of @askwell/sdk, with its guides: sdk/dist/docs
	cd sdk && npm run --silent docs

size: page-scripts ## what a page downloads; fails over budget
	go run ./scripts/size

bench: build chromium node_modules ## accepted responses a second beside the same server without a store, sizes, and what arming costs a page
	go run ./scripts/bench
	go run ./scripts/size
	cd widget && npm run --silent bench

bench-scores: build ## what scores over ten million responses take, and what sealing them costs (RESPONSES, DB: a file to keep and use again)
	go run ./scripts/bench-scores $${RESPONSES:+-responses $$RESPONSES} $${DB:+-db $$DB}

soak: ## kills the collector a thousand times under load, and compares what it holds with what it said
	ASKWELL_SOAK=$${ASKWELL_SOAK:-1000} go test -count=1 -v -timeout 60m -run Killed ./collector/faults

FUZZ_TIME := 30s
fuzz: ## every decoder that faces the internet, for a while each (FUZZ_TIME)
	@grep -rHo '^func Fuzz[A-Za-z]*' --include=*_test.go collector | while IFS=: read -r file func; do \
		go test -run '^$$' -fuzz "^$${func#func }\$$" -fuzztime $(FUZZ_TIME) "./$$(dirname "$$file")" || exit 1; done

generate: node_modules ## JSON Schema, OpenAPI and TypeScript types, from the Go types
	go run ./scripts/generate

release: node_modules ## VERSION=v1.2.3: binaries, packages, sums, licences and a bill of materials, in scripts/release/dist
	go run ./scripts/release -version "$(VERSION)"

self-host: build $(LITESTREAM) ## what examples/self-host says, run: image and compose file, units, Caddy, replication; manifests checked
	scripts/need.sh podman podman runc
	scripts/need.sh docker-compose docker-compose
	scripts/need.sh busybox busybox-static
	scripts/need.sh caddy caddy
	scripts/need.sh bwrap bubblewrap
	scripts/need.sh systemd-nspawn systemd-container
	scripts/need.sh nsenter util-linux
	scripts/need.sh ip iproute2
	cd $(SELF_HOST) && go vet ./... && $$(go -C ../../.. tool -n staticcheck) ./... && go test -count=1 ./...

clean: ## forget everything built and installed
	rm -rf */node_modules examples/*/node_modules examples/*/dist examples/self-host/test/dist scripts/release/dist collector/dist/* sdk/dist/*
	git clean -fdXq widget/dist widget/npm sdk/test/packages/projects sdk/LICENSE widget/LICENSE

$(LITESTREAM): examples/self-host/litestream/compose.yaml
	GOBIN=$(abspath $(@D)) CGO_ENABLED=0 go install -ldflags '-s -w' github.com/benbjohnson/litestream/cmd/litestream@v$(LITESTREAM_VERSION)
	touch $@

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

node_modules: sdk/node_modules/.package-lock.json widget/node_modules/.package-lock.json examples/analyst/node_modules/.package-lock.json
%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --loglevel=error

chromium:
	scripts/need.sh $${CHROMIUM:-chromium} chromium fonts-dejavu-core
	scripts/need.sh $${CHROMIUM_SHELL:-chromium-headless-shell} chromium-headless-shell
