/*
 * room.h - the four programs: where they are, and how they are started.
 */
#ifndef CTL_ROOM_H
#define CTL_ROOM_H

#include <stddef.h>
#include <sys/types.h>

#include "ctl/command.h"

enum { ROOM_KEEPER = 0, ROOM_REGISTRAR = 1, ROOM_PORTAL = 3, ROOMS = 4 };

extern const char *const room_names[ROOMS];

/**
 * room_find(room, call, path, size):
 * Where the program is: in the folder that this call or LATCHKEY_BINDIR names,
 * else beside this program, else where it was to be installed.  Return 0, or -1
 * if it is nowhere.
 */
int room_find(int room, const struct call *, char *path, size_t size);

/**
 * room_start(path, call, argument, out):
 * Start a program with the settings file of this call, and ${argument} unless it
 * is NULL; its standard output goes to ${out} unless that is -1.  Return its
 * process, or -1 with errno.
 */
pid_t room_start(const char *path, const struct call *, const char *argument, int out);

/** room_ask(room, call, argument): run it with ${argument} to its end; return our exit status. */
int room_ask(int room, const struct call *, const char *argument);

#endif
