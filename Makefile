# echolab: verbs only. `make help` says what each does.
.DEFAULT_GOAL := help
.PHONY: help lab report reference-kernel image shell run check test fresh bench doctor clean format setup setup-all

ARCH := $(subst aarch64,arm64,$(subst x86_64,x64,$(shell uname -m)))
export PATH := $(CURDIR)/node_modules/node-linux-$(ARCH)/bin:$(CURDIR)/node_modules/.bin:$(PATH)
# The cache: from the first file on, what has run before need not be compiled again.
ECHOLAB := NODE_COMPILE_CACHE=node_modules/.cache/node node scripts/cli/main.ts

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{ printf "  make %-16s %s\n", $$1, $$2 }'

lab: setup ## record the lessons, print what happened     LESSON=dial,echo  ARGS="--verbose"
	@$(ECHOLAB) lab $(if $(LESSON),--lesson '$(LESSON)') $(ARGS)

report: setup ## print a recorded run again, anywhere          RUN=traces/latest
	@$(ECHOLAB) report $(RUN) $(if $(LESSON),--lesson '$(LESSON)') $(ARGS)

shell: setup ## a shell on a host of a standing pair          HOST=client
	@$(ECHOLAB) shell $(HOST) $(ARGS)

run: setup ## run one program by hand          FILE=lab/node/udp-server.ts  ARGS='127.0.0.1 9000'
	@$(ECHOLAB) run $(FILE) $(ARGS)

check: setup-all ## types, lint, form
	tsc
	tsc -p scripts/render/page/app
	oxlint
	prettier --check --log-level warn --cache --cache-strategy content .

format: setup-all ## put the form right
	prettier --write --log-level warn .

test: $(if $(TEST),setup-all,check) ## check, then all tests, live ones too; or one file   TEST=scripts/parse/pcap.test.ts
	vitest run --config scripts/vitest.config.ts $(TEST) $(TEST_ARGS)

fresh: setup ## lab and test on Debian as it comes, as root and as an ordinary user   RELEASE=trixie
	@$(ECHOLAB) fresh $(RELEASE) $(ARGS)

bench: setup-all ## measure the targets on this machine
	@node scripts/bench/bench.ts $(ARGS)

doctor: setup ## what works here, what does not, and how to mend it
	@$(ECHOLAB) doctor $(ARGS)

reference-kernel: setup ## record on a stock kernel under QEMU, which shows every function
	@$(ECHOLAB) reference-kernel $(if $(LESSON),--lesson '$(LESSON)') $(ARGS)

image: setup ## build the image of Docker's hosts
	@$(ECHOLAB) image $(ARGS)

clean: setup ## undo what a killed lab may have left
	@$(ECHOLAB) clean $(ARGS)

# Node and packages: what the lab runs on; then also what checks, tests and measures it.
setup:
	@scripts/cli/setup.sh

setup-all:
	@scripts/cli/setup.sh all
