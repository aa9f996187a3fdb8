/*
 * shared.h - memory that a parent and all its children see.
 *
 * It begins with its lock.  A child may die anywhere, so that is one that survives
 * its owner.
 */
#ifndef BASE_SHARED_H
#define BASE_SHARED_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/** shared_new(size): zeroes but for the pthread_mutex_t at its begin, or NULL: see errno. */
void *shared_new(size_t size);

/**
 * shared_lock(lock):
 * True if somebody died while they held it: half of it may be new.  pthread_mutex_unlock
 * gives it back.
 */
bool shared_lock(pthread_mutex_t *);

#endif
