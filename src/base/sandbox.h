/*
 * sandbox.h - a program takes from itself what it will never need.
 *
 * By Landlock, in steps: as much as this kernel knows.  First say what stays allowed,
 * then enter.  A folder stands for all that is in it, also for what is put there later;
 * what is not there is left out.  What is open already is not touched.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <stdbool.h>

/**
 * sandbox_begin(settings):
 * Only what is the system's may be read, credentials, and the folder of the file ${settings}.
 */
void sandbox_begin(const char *settings);

/** sandbox_read(path): a file or a folder may be read; "" is none. */
void sandbox_read(const char *path);

/** sandbox_read_beside(path): all that is in its folder, because files are replaced. */
void sandbox_read_beside(const char *path);

/** sandbox_names(): machines may be looked up, and their certificates. */
void sandbox_names(void);

/** sandbox_write(path): in this folder files may be made, changed and removed. */
void sandbox_write(const char *path);

/** sandbox_sockets(path): in this folder sockets may be made and removed. */
void sandbox_sockets(const char *path);

/** sandbox_connect(port): of this port of any machine, by TCP. */
void sandbox_connect(int port);

/**
 * sandbox_enter(signals):
 * From here on nothing else: no file, no TCP connection and no TCP listener.  ${signals}:
 * a parent outside has to be reached by them.  Where the kernel knows nothing of it, all
 * stays as it was.
 */
void sandbox_enter(bool signals);

/** sandbox_may_connect(port): true also for who has not entered. */
bool sandbox_may_connect(int port);

/** sandbox_is_known(): this kernel can do it. */
bool sandbox_is_known(void);

#endif
