/* SPDX-License-Identifier: BSD-3-Clause */

#include "claims.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

struct claim {
	char *file;
	size_t unit_idx;
};

struct claims {
	pthread_mutex_t lock;
	pthread_cond_t closed_more;
	void *tree; /* struct claim, by file */
	bool *is_closed;
	size_t unit_count;
	size_t closed_prefix; /* Units [0, closed_prefix) are closed. */
};

struct claims *
claims_create(size_t unit_count)
{
	struct claims *claims = calloc(1, sizeof(*claims));

	if (claims == NULL)
		abort();
	claims->is_closed = calloc(unit_count + 1, sizeof(*claims->is_closed));
	if (claims->is_closed == NULL)
		abort();
	claims->unit_count = unit_count;
	pthread_mutex_init(&claims->lock, NULL);
	pthread_cond_init(&claims->closed_more, NULL);
	return claims;
}

static void
free_claim(void *node)
{
	struct claim *claim = node;

	free(claim->file);
	free(claim);
}

void
claims_destroy(struct claims *claims)
{
	if (claims == NULL)
		return;
	tdestroy(claims->tree, free_claim);
	free(claims->is_closed);
	pthread_cond_destroy(&claims->closed_more);
	pthread_mutex_destroy(&claims->lock);
	free(claims);
}

static int
compare_claims(const void *left, const void *right)
{
	const struct claim *one = left;
	const struct claim *other = right;

	return strcmp(one->file, other->file);
}

void
claims_add(struct claims *claims, size_t unit_idx, const char *file)
{
	struct claim *claim = malloc(sizeof(*claim));
	struct claim **node;

	if (claim == NULL)
		abort();
	*claim = (struct claim){ strdup(file), unit_idx };
	pthread_mutex_lock(&claims->lock);
	node = tsearch(claim, &claims->tree, compare_claims);
	if (node == NULL)
		abort();
	if (*node != claim) {
		if (unit_idx < (*node)->unit_idx)
			(*node)->unit_idx = unit_idx;
		free_claim(claim);
	}
	pthread_mutex_unlock(&claims->lock);
}

void
claims_close(struct claims *claims, size_t unit_idx)
{
	pthread_mutex_lock(&claims->lock);
	claims->is_closed[unit_idx] = true;
	while (claims->closed_prefix < claims->unit_count &&
		claims->is_closed[claims->closed_prefix])
		claims->closed_prefix++;
	pthread_cond_broadcast(&claims->closed_more);
	pthread_mutex_unlock(&claims->lock);
}

bool
claims_is_first(struct claims *claims, size_t unit_idx, const char *file)
{
	const struct claim wanted = { strdup(file), 0 };
	struct claim *const *node;
	bool is_first;

	pthread_mutex_lock(&claims->lock);
	while (claims->closed_prefix < unit_idx)
		pthread_cond_wait(&claims->closed_more, &claims->lock);
	node = tfind(&wanted, &claims->tree, compare_claims);
	is_first = node == NULL || (*node)->unit_idx >= unit_idx;
	pthread_mutex_unlock(&claims->lock);
	free(wanted.file);
	return is_first;
}
