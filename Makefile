# echolab: verbs only. `make help` says what each does.
.DEFAULT_GOAL := help
.PHONY: help lab report reference-kernel image shell run check test bench doctor clean format

ARCH := $(subst aarch64,arm64,$(subst x86_64,x64,$(shell uname -m)))
export PATH := $(CURDIR)/node_modules/node-linux-$(ARCH)/bin:$(CURDIR)/node_modules/.bin:$(PATH)
# The cache: from the first file on, what has run before need not be compiled again.
ECHOLAB := NODE_COMPILE_CACHE=node_modules/.cache/node node scripts/cli/main.ts

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{ printf "  make %-16s %s\n", $$1, $$2 }'

lab: node_modules/.package-lock.json ## record the lessons, print what happened     LESSON=dial,echo  ARGS="--verbose"
	@$(ECHOLAB) lab $(if $(LESSON),--lesson '$(LESSON)') $(ARGS)

report: node_modules/.package-lock.json ## print a recorded run again, anywhere          RUN=traces/latest
	@$(ECHOLAB) report $(RUN) $(if $(LESSON),--lesson '$(LESSON)') $(ARGS)

shell: node_modules/.package-lock.json ## a shell on a host of a standing pair          HOST=client
	@$(ECHOLAB) shell $(HOST) $(ARGS)

run: node_modules/.package-lock.json ## run one program by hand          FILE=lab/node/udp-server.ts  ARGS='127.0.0.1 9000'
	@$(ECHOLAB) run $(FILE) $(ARGS)

check: node_modules/.package-lock.json ## types, lint, form
	tsc
	tsc -p scripts/render/page/app
	oxlint
	prettier --check --log-level warn .

format: node_modules/.package-lock.json ## put the form right
	prettier --write --log-level warn .

test: check ## check, then all tests, live ones too
	vitest run --config scripts/vitest.config.ts $(TEST_ARGS)

bench: node_modules/.package-lock.json ## measure the targets on this machine
	@node scripts/bench/bench.ts $(ARGS)

doctor: node_modules/.package-lock.json ## what works here, what does not, and how to mend it
	@$(ECHOLAB) doctor $(ARGS)

reference-kernel: node_modules/.package-lock.json ## record on a stock kernel under QEMU, which shows every function
	@$(ECHOLAB) reference-kernel $(if $(LESSON),--lesson '$(LESSON)') $(ARGS)

image: node_modules/.package-lock.json ## build the image of Docker's hosts
	@$(ECHOLAB) image $(ARGS)

clean: node_modules/.package-lock.json ## undo what a killed lab may have left
	@$(ECHOLAB) clean $(ARGS)

node_modules/.package-lock.json: package.json package-lock.json scripts/strace-parser/package.json
	npm ci --ignore-scripts --loglevel=error && touch $@
