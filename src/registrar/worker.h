/*
 * worker.h - one process that deals with one request at a time.
 */
#ifndef REGISTRAR_WORKER_H
#define REGISTRAR_WORKER_H

/** worker_run(): answer keeper until told to go by SIGTERM; what it has been asked by then it answers. */
_Noreturn void worker_run(void);

#endif
