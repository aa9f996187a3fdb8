/*
 * worker.h - one process that deals with one request at a time.
 */
#ifndef REGISTRAR_WORKER_H
#define REGISTRAR_WORKER_H

#include <signal.h>

/* What the parent, having been told to read the settings, lets workers know; they block both. */
enum { WORKER_OLD_SETTINGS = SIGUSR1, WORKER_NEW_SETTINGS = SIGUSR2 };

/** worker_run(): answer keeper until told to go by SIGTERM; what it has been asked by then it answers. */
_Noreturn void worker_run(void);

#endif
