/*
 * parent.h - keeps the workers alive; speaks to nobody and holds no secret.
 */
#ifndef REGISTRAR_PARENT_H
#define REGISTRAR_PARENT_H

/** parent_run(): until SIGTERM or SIGINT; return the exit status. */
int parent_run(void);

#endif
