/*
 * check.h - what the settings point to: is it there, and does it serve?
 */
#ifndef REGISTRAR_CHECK_H
#define REGISTRAR_CHECK_H

/**
 * check_all():
 * Before every start: files and addresses, without the network, so that a registrar
 * starts while its directory is away.  Under --check also each server, the service
 * account, the base, the proofs, the groups and the policy.
 */
void check_all(void);

#endif
