# The two commands a newcomer needs are `make test` and `make build`.
export CGO_ENABLED = 0

.PHONY: build test lint generate bench-peers cross fuzz

build:
	go build -trimpath -ldflags "-s -w" ./cmd/wadjet

test:
	go test ./...

lint:
	go vet ./...
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	go tool staticcheck ./...

generate:
	go generate ./rules ./models

# Side by side with Bandit, on real trees: see scripts/bench-peers.
bench-peers: build
	scripts/bench-peers

# Every platform that is shipped.
cross:
	@for os in linux darwin windows; do for arch in amd64 arm64; do \
	  echo "$$os/$$arch"; GOOS=$$os GOARCH=$$arch go build -o /dev/null ./cmd/wadjet || exit 1; done; done

# A short run of every fuzz target.
fuzz:
	scripts/fuzz $${FUZZTIME:-20000x}
