# keeper: decides; no network, no directory, no gateway.
noinst_LIBRARIES += src/keeper/libkeeper.a
src_keeper_libkeeper_a_SOURCES = \
	src/keeper/answers.c src/keeper/answers.h \
	src/keeper/audit.c src/keeper/audit.h \
	src/keeper/backup.c src/keeper/backup.h \
	src/keeper/budget.c src/keeper/budget.h \
	src/keeper/chain.c src/keeper/chain.h \
	src/keeper/code.c src/keeper/code.h \
	src/keeper/control.c src/keeper/control.h \
	src/keeper/counts.c src/keeper/counts.h \
	src/keeper/courier.c src/keeper/courier.h \
	src/keeper/desk.c src/keeper/desk.h \
	src/keeper/draw.c src/keeper/draw.h \
	src/keeper/export.c src/keeper/export.h \
	src/keeper/errand.c src/keeper/errand.h src/keeper/errand_stage.h \
	src/keeper/errand_code.c src/keeper/errand_password.c \
	src/keeper/flow.c src/keeper/flow.h \
	src/keeper/keeper.h \
	src/keeper/halt.c src/keeper/halt.h \
	src/keeper/message.c src/keeper/message.h \
	src/keeper/meter.c src/keeper/meter.h \
	src/keeper/notice.c src/keeper/notice.h \
	src/keeper/number.c src/keeper/number.h \
	src/keeper/outage.c src/keeper/outage.h \
	src/keeper/price.c src/keeper/price.h src/keeper/riddle.c src/keeper/riddle.h \
	src/keeper/registrar.c src/keeper/registrar.h \
	src/keeper/rekey.c src/keeper/rekey.h \
	src/keeper/reload.c src/keeper/reload.h \
	src/keeper/retain.c src/keeper/retain.h \
	src/keeper/seals.c src/keeper/seals.h \
	src/keeper/settings.c src/keeper/settings.h \
	src/keeper/step.c src/keeper/step.h \
	src/keeper/step_recover.c \
	src/keeper/store/migrations.c src/keeper/store/store.c src/keeper/store/store.h \
	src/keeper/store/store_about.c src/keeper/store/store_audit.c \
	src/keeper/store/store_budget.c src/keeper/store/store_chain.c \
	src/keeper/store/store_copy.c src/keeper/store/store_flow.c \
	src/keeper/store/store_notice.c src/keeper/store/store_order.c \
	src/keeper/store/store_own.h src/keeper/store/store_person.c \
	src/keeper/store/store_sweep.c \
	src/keeper/verify.c src/keeper/verify.h \
	src/keeper/wish.c src/keeper/wish.h
sbin_PROGRAMS += latchkeyd
latchkeyd_SOURCES = src/keeper/main.c
latchkeyd_LDADD = src/keeper/libkeeper.a $(HOUSE_LIBS) $(EVENT_LIBS) $(SQLITE_LIBS) \
	$(BASE_LIBS)
