/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Which member a value in braces is for, and lists of sys/queue.h.
 */

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct point {
	int x;
	int y;
};

struct shape {
	const char *name;
	struct point from;
	struct point to;
	int : 3;
	unsigned bits : 4;
	union {
		int id;
		void *user;
	};
	int list[3];
};

struct item {
	int n;
	TAILQ_ENTRY(item) link;
	LIST_ENTRY(item) in_list;
};

TAILQ_HEAD(items, item);
LIST_HEAD(list, item);

int get(void);
void use(int n);
void draw(const struct shape *shape);
struct point origin(void);

/* expect positional
 * b0:
 *	decl s = {.name = string, .from = {.x = 1, .y = 2}, .to = {.x = 3, .y = 4}, \
 *	.bits = 5, .id = 6, .list = {[0] = 7, [1] = 8}}
 *	call draw(&s)
 *	end s
 *	return implicit
 */
void
positional(void)
{
	struct shape s = { "s", { 1, 2 }, { 3, 4 }, 5, { 6 }, { 7, 8 } };

	draw(&s);
}

/* expect without_inner_braces
 * b0:
 *	decl s = {.name = NULL, .from = {.x = 1, .y = 2}, .to = {.x = 3, .y = 4}, \
 *	.bits = 5, .id = 6, .list = {[0] = 7, [1] = 8, [2] = 9}}
 *	call draw(&s)
 *	end s
 *	return implicit
 */
void
without_inner_braces(void)
{
	struct shape s = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };

	draw(&s);
}

/* expect designated
 * b0:
 *	t0 = call get()
 *	decl s = {.to = {.y = 1, .x = t0}, .list = {[2] = 3, [0] = 4, [1] = 5}, \
 *	.user = NULL, .from = {.x = 6, .y = 7}}
 *	call draw(&s)
 *	end s
 *	return implicit
 */
void
designated(void)
{
	struct shape s = {
		.to.y = 1,
		.to.x = get(),
		.list = { [2] = 3, [0] = 4, 5 },
		.user = NULL,
		.from.x = 6,
		7,
	};

	draw(&s);
}

/* The later value of a member is the one that holds.
 *
 * expect designated_twice
 * b0:
 *	decl p = {.x = 3, .y = 2}
 *	t0 = p.x
 *	end p
 *	return t0
 */
int
designated_twice(void)
{
	struct point p = { 1, 2, .x = 3 };

	return p.x;
}

/* expect arrays
 * b0:
 *	decl a = {[0] = 1, [1] = 2, [5] = 3, [6] = 3, [7] = 3, [8] = 4}
 *	decl grid = {[0] = {[0] = 1, [1] = 2}, [1] = {[0] = 3, [1] = 4}}
 *	decl text = string
 *	decl points = {[1] = {.x = 1, .y = 2}, [2] = {.x = 3}}
 *	t0 = (((a[n] + grid[1][n]) + text[0]) + points[n].x)
 *	end points
 *	end text
 *	end grid
 *	end a
 *	return t0
 */
int
arrays(int n)
{
	int a[] = { 1, 2, [5 ... 7] = 3, 4 };
	int grid[2][2] = { 1, 2, 3, 4 };
	char text[] = "text";
	struct point points[4] = { [1] = { 1, 2 }, 3 };

	return a[n] + grid[1][n] + text[0] + points[n].x;
}

/* expect whole_records
 * b0:
 *	t0 = call origin()
 *	decl s = {.from = t0, .to = p, .bits = 1}
 *	decl copy = s
 *	call draw(&copy)
 *	end copy
 *	end s
 *	return implicit
 */
void
whole_records(struct point p)
{
	struct shape s = { .from = origin(), p, 1 };
	struct shape copy = s;

	draw(&copy);
}

/* expect zeroed
 * b0:
 *	decl s = {.name = NULL}
 *	decl p = {}
 *	call draw(&s)
 *	t0 = p.y
 *	end p
 *	end s
 *	return t0
 */
int
zeroed(void)
{
	struct shape s = { 0 };
	struct point p = {};

	draw(&s);
	return p.y;
}

/* expect literals
 * b0:
 *	p = {.x = 1, .y = p.x}
 *	t0 = {.name = NULL, .to = {.x = 2}}
 *	call draw(&t0)
 *	t1 = {.x = 3}
 *	return (p.y + t1.x)
 */
int
literals(struct point p)
{
	p = (struct point){ 1, p.x };
	draw(&(struct shape){ .name = NULL, .to.x = 2 });
	return p.y + (struct point){ 3 }.x;
}

/* expect each_of_a_queue
 * b0:
 *	decl item
 *	item = q->tqh_first
 *	jump b1
 * b1: loop
 *	branch item b2 b3
 * b2:
 *	call use(item->n)
 *	item = item->link.tqe_next
 *	jump b1 (loop)
 * b3:
 *	end item
 *	return implicit
 */
void
each_of_a_queue(struct items *q)
{
	struct item *item;

	TAILQ_FOREACH(item, q, link)
		use(item->n);
}

/* expect each_of_a_list
 * b0:
 *	item = l->lh_first
 *	jump b1
 * b1: loop
 *	branch item b2 b4
 * b2:
 *	branch (item->n == 2) b4 (break) b3
 * b3:
 *	item = item->in_list.le_next
 *	jump b1 (loop)
 * b4:
 *	return item
 */
struct item *
each_of_a_list(struct list *l, struct item *item)
{
	LIST_FOREACH(item, l, in_list)
	{
		if (item->n == 2)
			break;
	}
	return item;
}

/* expect first_is_removed
 * b0:
 *	branch (item->link.tqe_next != NULL) b1 b2
 * b1:
 *	item->link.tqe_next->link.tqe_prev = item->link.tqe_prev
 *	jump b3
 * b2:
 *	q->tqh_last = item->link.tqe_prev
 *	jump b3
 * b3:
 *	*item->link.tqe_prev = item->link.tqe_next
 *	return implicit
 */
void
first_is_removed(struct items *q, struct item *item)
{
	TAILQ_REMOVE(q, item, link);
}
