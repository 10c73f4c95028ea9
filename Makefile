# Short names for dev.py's commands.
.PHONY: run test lint setup build lock
run test lint setup build lock:
	@python3 dev.py $@
