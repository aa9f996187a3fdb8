/*
 * worker.h - one process that deals with one request at a time.
 */
#ifndef REGISTRAR_WORKER_H
#define REGISTRAR_WORKER_H

/** worker_run(): answer keeper until killed. */
_Noreturn void worker_run(void);

#endif
