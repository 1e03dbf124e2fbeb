/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Values, and what expressions do besides: calls, assignments and steps precede what reads them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct packet {
	struct packet *next;
	uint16_t len;
	char data[64];
	struct {
		int port;
	} in;
	union {
		uint32_t hash;
		void *user;
	};
};

enum mode {
	MODE_OFF,
	MODE_ON = 5
};

#define MIN(a, b)                   \
	__extension__({             \
		typeof(a) _a = (a); \
		typeof(b) _b = (b); \
		_a < _b ? _a : _b;  \
	})
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

int get(void);
int next(int *at);
int add(int a, int b);
struct packet *alloc(int size);
struct packet by_value(void);
void *raw(void);

/* expect members
 * b0:
 *	return ((p->next->len + p->in.port) + p->data[2])
 */
int
members(struct packet *p)
{
	return p->next->len + p->in.port + p->data[2];
}

/* expect call_result_is_stored_at_once
 * b0:
 *	decl p
 *	p = call alloc(3)
 *	p->next = call alloc(4)
 *	t0 = p->next
 *	end p
 *	return t0
 */
struct packet *
call_result_is_stored_at_once(void)
{
	struct packet *p = alloc(3);

	p->next = alloc(4);
	return p->next;
}

/* expect calls_come_in_order
 * b0:
 *	t0 = call get()
 *	t1 = call get()
 *	t2 = call add(t0, (t1 + 1))
 *	return t2
 */
int
calls_come_in_order(void)
{
	return add(get(), get() + 1);
}

/* The second temporary keeps what n was before the call that may change it.
 *
 * expect operand_read_before_the_call
 * b0:
 *	t1 = n
 *	t0 = call next(&n)
 *	return (t1 + t0)
 */
int
operand_read_before_the_call(int n)
{
	return n + next(&n);
}

/* expect argument_read_before_the_step
 * b0:
 *	t0 = n
 *	n = (n + 1)
 *	t1 = call add(t0, n)
 *	return t1
 */
int
argument_read_before_the_step(int n)
{
	return add(n++, n);
}

/* expect copy_loop_steps
 * b0:
 *	t0 = d
 *	d = (d + 1)
 *	t1 = s
 *	s = (s + 1)
 *	*t0 = *t1
 *	n = (n - 1)
 *	return n
 */
int
copy_loop_steps(char *d, const char *s, int n)
{
	*d++ = *s++;
	return --n;
}

/* expect chained_assignments
 * b0:
 *	b = call get()
 *	a = b
 *	a = (a << 2)
 *	return (a | b)
 */
int
chained_assignments(int a, int b)
{
	a = b = get();
	a <<= 2;
	return a | b;
}

/* expect comma
 * b0:
 *	a = 1
 *	t0 = call get()
 *	return t0
 */
int
comma(int a)
{
	return (void)(a = 1), get();
}

/* expect constants
 * b0:
 *	return (a + 158)
 */
int
constants(int a)
{
	return a +
		(int)(MODE_ON + sizeof(struct packet) - 'a' + offsetof(struct packet, data) + 160 +
			MODE_OFF + (sizeof(int) == 4 ? 0 : 1) * 2 - 2 * 4 * 1);
}

/* expect null_is_a_pointer
 * b0:
 *	p->next = NULL
 *	p->user = NULL
 *	return (p == NULL)
 */
bool
null_is_a_pointer(struct packet *p)
{
	p->next = NULL;
	p->user = 0;
	return p == NULL;
}

/* expect casts
 * b0:
 *	t0 = call raw()
 *	decl p = (packet*)t0
 *	t1 = (int32)(p->len - 1)
 *	end p
 *	return t1
 */
int
casts(void)
{
	struct packet *p = (struct packet *)raw();

	return (int)(p->len - 1);
}

/* expect addresses
 * b0:
 *	decl local
 *	local[n] = 1
 *	t0 = call next(&local)
 *	t1 = call next(&local[2])
 *	t2 = call next(&p->in.port)
 *	t3 = ((t0 + t1) + t2)
 *	end local
 *	return t3
 */
int
addresses(struct packet *p, int n)
{
	int local[4];

	local[n] = 1;
	return next(local) + next(&local[2]) + next(&p->in.port);
}

/* What & and * undo of each other is not seen.
 *
 * expect there_and_back
 * b0:
 *	decl local = 1
 *	local = 2
 *	p->len = 3
 *	p = p->next
 *	t0 = local
 *	end local
 *	return t0
 */
int
there_and_back(struct packet *p)
{
	int local = 1;

	*&local = 2;
	(&*p)->len = 3;
	p = &*p->next;
	return local;
}

/* expect choice
 * b0:
 *	branch a b1 b2
 * b1:
 *	t0 = call get()
 *	jump b3
 * b2:
 *	t0 = 7
 *	jump b3
 * b3:
 *	return (t0 + 1)
 */
int
choice(int a)
{
	return (a ? get() : 7) + 1;
}

/* expect choice_without_a_middle
 * b0:
 *	t0 = call get()
 *	branch t0 b2 b1
 * b1:
 *	t0 = a
 *	jump b2
 * b2:
 *	return t0
 */
int
choice_without_a_middle(int a)
{
	return get() ?: a;
}

/* expect truth_of_conditions
 * b0:
 *	branch a b1 b3
 * b1:
 *	branch (b > 2) b2 b3
 * b2:
 *	t0 = 1
 *	jump b4
 * b3:
 *	t0 = 0
 *	jump b4
 * b4:
 *	decl both = t0
 *	t1 = (both + (a != 0))
 *	end both
 *	return t1
 */
int
truth_of_conditions(int a, int b)
{
	int both = a && b > 2;

	return both + !!a;
}

/* expect pointer_as_bool
 * b0:
 *	decl is_there = (p != NULL)
 *	t0 = call get()
 *	decl is_set = (t0 != 0)
 *	t1 = (is_there & is_set)
 *	end is_set
 *	end is_there
 *	return t1
 */
int
pointer_as_bool(struct packet *p)
{
	bool is_there = p;
	bool is_set = get();

	return is_there & is_set;
}

/* expect minimum
 * b0:
 *	decl _a = a
 *	decl _b
 *	_b = call get()
 *	branch (_a < _b) b1 b2
 * b1:
 *	t0 = _a
 *	jump b3
 * b2:
 *	t0 = _b
 *	jump b3
 * b3:
 *	end _b
 *	end _a
 *	return t0
 */
int
minimum(int a)
{
	return MIN(a, get());
}

/* expect value_outlives_its_block
 * b0:
 *	decl inner = (a * 2)
 *	t0 = (inner + 1)
 *	end inner
 *	return t0
 */
int
value_outlives_its_block(int a)
{
	return ({
		int inner = a * 2;
		inner + 1;
	});
}

/* expect call_by_pointer
 * b0:
 *	t0 = call *through(a)
 *	t1 = call *through(t0)
 *	t2 = call get()
 *	return (t1 + t2)
 */
int
call_by_pointer(int (*through)(int), int a)
{
	return (*through)(through(a)) + (*get)();
}

/* expect record_of_a_call
 * b0:
 *	t0 = call by_value()
 *	return t0.len
 */
int
record_of_a_call(void)
{
	return by_value().len;
}

/* expect chosen_by_type
 * b0:
 *	t0 = call next(&a)
 *	t1 = call get()
 *	return (t0 + t1)
 */
int
chosen_by_type(int a)
{
	return _Generic(a, int
			: next, long
			: get)(&a) +
		__builtin_choose_expr(sizeof(a) == 4, get(), next(&a));
}

/* expect builtins
 * b0:
 *	t0 = call get()
 *	branch t0 b1 b2
 * b1:
 *	return unknown(unknown(a))
 * b2:
 *	stop
 */
int
builtins(unsigned a)
{
	if (UNLIKELY(get()))
		return __builtin_popcount(__builtin_bswap32(a));
	__builtin_unreachable();
}

/* expect reads_for_nothing
 * b0:
 *	eval p->len
 *	eval p->data[0]
 *	return implicit
 */
void
reads_for_nothing(struct packet *p, int unused)
{
	(void)unused;
	(void)p;
	(void)p->len;
	(void)*p->data;
}

/* expect atomics
 * b0:
 *	havoc *at
 *	decl old = unknown(at, 0)
 *	havoc *at
 *	t0 = old
 *	end old
 *	return t0
 */
int
atomics(int *at)
{
	int old = __atomic_load_n(at, __ATOMIC_RELAXED);

	__atomic_store_n(at, 0, __ATOMIC_RELAXED);
	return old;
}

/* expect arguments_of_run_time
 * b0:
 *	decl list
 *	decl first
 *	havoc list
 *	havoc list
 *	first = unknown()
 *	havoc list
 *	t0 = (first + count)
 *	end first
 *	end list
 *	return t0
 */
int
arguments_of_run_time(int count, ...)
{
	__builtin_va_list list;
	int first;

	__builtin_va_start(list, count);
	first = __builtin_va_arg(list, int);
	__builtin_va_end(list);
	return first + count;
}

/* A parameter that is written as an array is a pointer.
 *
 * expect array_parameters
 * b0:
 *	decl first = packets
 *	packets = (packets + 1)
 *	t0 = ((packets[n]->len + first[0]->len) + (*packets)->len)
 *	end first
 *	return t0
 */
int
array_parameters(struct packet *packets[], int n)
{
	struct packet **first = packets;

	packets++;
	return packets[n]->len + first[0]->len + (*packets)->len;
}
