/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Branches, loops, switches, and the ends of variables on each way out of their scope.
 */

#include <stdbool.h>
#include <stddef.h>

struct packet {
	struct packet *next;
	int len;
};

#define UNLIKELY(x)     __builtin_expect(!!(x), 0)
#define FOREVER         for (;;)
#define COUNT_UP(i)     for ((i) = 0;; (i)++)
#define WHILE_SMALL(i)  for (; (i) < 10;)
#define EACH(i)         for ((i) = get(); (i) < 10; (i) = next(&(i)))
#define FROM_ZERO(i, n) for ((i) = 0; (i) < (n);)
#define STEP_ONLY(i)    for (;; (i)++)
#define TWICE(statement)   \
	do {               \
		statement; \
		statement; \
	} while (0)

int get(void);
int next(int *at);
void use(int n);
void clean(int *at);
_Noreturn void stop_here(void);
void stop_there(void) __attribute__((noreturn));
void exit(int status);
int setjmp(int *state);

/* expect not_swaps_the_sides
 * b0:
 *	branch p b1 b6
 * b1:
 *	branch (p->len == 3) b2 b3
 * b2:
 *	return 2
 * b3:
 *	branch p->next b4 b5
 * b4:
 *	return 4
 * b5:
 *	return 3
 * b6:
 *	return 1
 */
int
not_swaps_the_sides(struct packet *p)
{
	if (!p)
		return 1;
	if (UNLIKELY(p->len == 3))
		return 2;
	if (!!p->next == 0)
		return 3;
	return 4;
}

/* expect conditions_branch
 * b0:
 *	branch a b1 b4
 * b1:
 *	branch b b2 b4
 * b2:
 *	branch c b4 b3
 * b3:
 *	call use(2)
 *	jump b5
 * b4:
 *	call use(1)
 *	jump b5
 * b5:
 *	return implicit
 */
void
conditions_branch(int a, int b, int c)
{
	if (!(a && (b) && !c))
		use(1);
	else
		use(2);
}

/* expect assigned_in_a_condition
 * b0:
 *	jump b1
 * b1: loop
 *	n = call get()
 *	branch (n > 0) b2 b3
 * b2:
 *	call use(n)
 *	jump b1 (loop)
 * b3:
 *	return implicit
 */
void
assigned_in_a_condition(int n)
{
	while ((n = get()) > 0)
		use(n);
}

/* expect choice_in_a_condition
 * b0:
 *	branch a b1 b2
 * b1:
 *	branch b b3 b4
 * b2:
 *	t0 = call get()
 *	branch t0 b3 b4
 * b3:
 *	call use(1)
 *	jump b4
 * b4:
 *	return implicit
 */
void
choice_in_a_condition(int a, int b)
{
	if (a ? b : get())
		use(1);
}

/* expect constant_conditions
 * b0:
 *	call use(2)
 *	call use(5)
 *	jump b1
 * b1: loop
 *	call use(4)
 *	jump b1 (loop)
 */
void
constant_conditions(void)
{
	if (0)
		use(1);
	else
		use(2);
	do {
		use(5);
	} while (0);
	while (1)
		use(4);
	use(3);
}

/* expect macro_of_statements
 * b0:
 *	branch n b1 b2
 * b1:
 *	call use(n)
 *	call use(n)
 *	jump b2
 * b2:
 *	return implicit
 */
void
macro_of_statements(int n)
{
	if (n)
		TWICE(use(n));
}

/* expect loops_end_their_variables
 * b0:
 *	decl i = 0
 *	jump b1
 * b1: loop
 *	branch (i < n) b2 b8
 * b2:
 *	decl k = (i * 2)
 *	branch (k == 4) b3 b4
 * b3:
 *	end k
 *	jump b7 (continue)
 * b4:
 *	branch (k == 6) b5 b6
 * b5:
 *	end k
 *	jump b8 (break)
 * b6:
 *	call use(k)
 *	end k
 *	jump b7
 * b7:
 *	i = (i + 1)
 *	jump b1 (loop)
 * b8:
 *	end i
 *	return implicit
 */
void
loops_end_their_variables(int n)
{
	for (int i = 0; i < n; i++) {
		int k = i * 2;

		if (k == 4)
			continue;
		if (k == 6)
			break;
		use(k);
	}
}

/* expect do_while
 * b0:
 *	jump b1
 * b1: loop
 *	t0 = n
 *	n = (n - 1)
 *	branch (t0 == 2) b3 (continue) b2
 * b2:
 *	call use(n)
 *	jump b3
 * b3:
 *	branch (n > 0) b1 (loop) b4
 * b4:
 *	return n
 */
int
do_while(int n)
{
	do {
		if (n-- == 2)
			continue;
		use(n);
	} while (n > 0);
	return n;
}

/* expect absent_parts
 * b0:
 *	jump b1
 * b1: loop
 *	branch n b2 b3
 * b2:
 *	n = (n - 1)
 *	jump b1 (loop)
 * b3:
 *	n = 3
 *	jump b4
 * b4: loop
 *	n = (n - 1)
 *	branch (n == 1) b6 (break) b5
 * b5:
 *	n = (n + 1)
 *	jump b4 (loop)
 * b6:
 *	return n
 */
int
absent_parts(int n)
{
	for (; n; n--)
		;
	for (n = 3;; n++) {
		if (--n == 1)
			break;
	}
	return n;
}

/* expect absent_parts_in_macros
 * b0:
 *	jump b1
 * b1: loop
 *	branch (n < 10) b2 b3
 * b2:
 *	n = call get()
 *	jump b1 (loop)
 * b3:
 *	n = 0
 *	jump b4
 * b4: loop
 *	t0 = call get()
 *	branch t0 b6 (break) b5
 * b5:
 *	n = (n + 1)
 *	jump b4 (loop)
 * b6:
 *	n = 0
 *	jump b7
 * b7: loop
 *	branch (n < 5) b8 b9
 * b8:
 *	n = (n + 2)
 *	jump b7 (loop)
 * b9:
 *	n = call get()
 *	jump b10
 * b10: loop
 *	branch (n < 10) b11 b12
 * b11:
 *	call use(n)
 *	n = call next(&n)
 *	jump b10 (loop)
 * b12: loop
 *	t1 = call get()
 *	branch t1 b13 b14
 * b13:
 *	return 1
 * b14:
 *	n = (n + 1)
 *	jump b12 (loop)
 */
int
absent_parts_in_macros(int n)
{
	WHILE_SMALL(n)
	n = get();
	COUNT_UP(n)
	{
		if (get())
			break;
	}
	FROM_ZERO(n, 5)
	n += 2;
	EACH(n)
	use(n);
	STEP_ONLY(n)
	{
		if (get())
			return 1;
	}
}

/* expect endless
 * b0:
 *	jump b1
 * b1: loop
 *	t0 = call get()
 *	branch t0 b3 (break) b2
 * b2:
 *	call use(1)
 *	jump b1 (loop)
 * b3:
 *	return implicit
 */
void
endless(void)
{
	FOREVER
	{
		if (get())
			break;
		use(1);
	}
}

/* expect switch_falls_through
 * b0:
 *	switch n 1: b1 2: b2 4..6: b2 7: b3 else b5
 * b1:
 *	n = 10
 *	jump b2
 * b2:
 *	call use(n)
 *	jump b4 (break)
 * b3:
 *	call use(7)
 *	jump b4
 * b4:
 *	return n
 * b5:
 *	return 3
 */
int
switch_falls_through(int n)
{
	switch (n) {
	case 1:
		n = 10;
		/* fallthrough */
	case 2:
	case 4 ... 6:
		use(n);
		break;
	default:
		return 3;
	case 7:
		use(7);
	}
	return n;
}

/* expect switch_without_default
 * b0:
 *	jump b1
 * b1: loop
 *	t0 = call get()
 *	switch t0 1: b2 (break) -2: b1 (continue) else b2
 * b2:
 *	call use(n)
 *	jump b1 (loop)
 */
void
switch_without_default(int n)
{
	while (true) {
		switch (get()) {
		case 1:
			break;
		case -2:
			continue;
		}
		use(n);
	}
}

/* expect switch_of_a_constant
 * b0:
 *	call use(4)
 *	jump b1 (break)
 * b1:
 *	return implicit
 */
void
switch_of_a_constant(void)
{
	switch (sizeof(int)) {
	case 2:
		use(2);
		break;
	case 4:
		use(4);
		break;
	default:
		use(0);
	}
}

/* The variable of the block begins on the way in, too.
 *
 * expect case_inside_a_block
 * b0:
 *	switch n 1: b1 2: b2 else b4
 * b1:
 *	decl inner = 4
 *	call use(inner)
 *	jump b3
 * b2:
 *	decl inner
 *	jump b3
 * b3:
 *	inner = 5
 *	end inner
 *	jump b4
 * b4:
 *	return implicit
 */
void
case_inside_a_block(int n)
{
	switch (n) {
	case 1: {
		int inner = 4;

		use(inner);
	case 2:
		inner = 5;
	}
	}
}

/* expect loop_entered_by_a_switch
 * b0:
 *	switch (n % 2) 0: b2 1: b1 else b3
 * b1: loop
 *	n = (n - 1)
 *	branch n b2 (loop) b3
 * b2:
 *	call use(0)
 *	jump b1
 * b3:
 *	return implicit
 */
void
loop_entered_by_a_switch(int n)
{
	switch (n % 2) {
	case 0:
		do {
			use(0);
		case 1:
			n--;
		} while (n);
	}
}

/* expect goto_ladder
 * b0:
 *	decl a
 *	a = call get()
 *	branch (a < 0) b4 (goto) b1
 * b1:
 *	decl b
 *	b = call get()
 *	branch (b < 0) b2 b5
 * b2:
 *	end b
 *	jump b3 (goto)
 * b3:
 *	call use(a)
 *	jump b4
 * b4:
 *	end a
 *	return -1
 * b5:
 *	call use(b)
 *	end b
 *	end a
 *	return 0
 */
int
goto_ladder(void)
{
	int a = get();

	if (a < 0)
		goto fail;
	{
		int b = get();

		if (b < 0)
			goto fail_use;
		use(b);
		return 0;
	}
fail_use:
	use(a);
fail:
	return -1;
}

/* expect goto_back
 * b0:
 *	jump b1
 * b1: loop
 *	decl n
 *	n = call get()
 *	branch n b2 b3
 * b2:
 *	end n
 *	jump b1 (goto)
 * b3:
 *	end n
 *	return implicit
 */
void
goto_back(void)
{
again:;
	int n = get();

	if (n)
		goto again;
}

/* expect goto_into_a_block
 * b0:
 *	branch n b1 b2
 * b1:
 *	decl inner
 *	jump b3 (goto)
 * b2:
 *	decl inner = 3
 *	call use(inner)
 *	jump b3
 * b3:
 *	inner = 4
 *	end inner
 *	return implicit
 */
void
goto_into_a_block(int n)
{
	if (n)
		goto inside;
	{
		int inner = 3;

		use(inner);
	inside:
		inner = 4;
	}
}

/* expect nothing_follows
 * b0:
 *	branch n b1 b2
 * b1:
 *	call stop_here() noreturn
 *	stop
 * b2:
 *	t0 = call get()
 *	branch t0 b3 b4
 * b3:
 *	call stop_there() noreturn
 *	stop
 * b4:
 *	call exit(1) noreturn
 *	stop
 */
int
nothing_follows(int n)
{
	if (n)
		stop_here();
	if (get())
		stop_there();
	exit(1);
	return 3;
}

/* expect value_is_computed_before_the_end
 * b0:
 *	decl p = {.next = NULL, .len = 3}
 *	decl at = &p
 *	t0 = at->len
 *	end at
 *	end p
 *	return t0
 */
int
value_is_computed_before_the_end(void)
{
	struct packet p = { NULL, 3 };
	struct packet *at = &p;

	return at->len;
}

/* expect cleanup_is_called
 * b0:
 *	decl held
 *	held = call get()
 *	branch held b1 b2
 * b1:
 *	t0 = held
 *	call clean(&held)
 *	end held
 *	return t0
 * b2:
 *	call use(1)
 *	call clean(&held)
 *	end held
 *	return 0
 */
int
cleanup_is_called(void)
{
	int held __attribute__((cleanup(clean))) = get();

	if (held)
		return held;
	use(1);
	return 0;
}

/* expect statics_do_not_begin
 * b0:
 *	calls = (calls + 1)
 *	return (calls + global)
 */
int
statics_do_not_begin(void)
{
	static int calls = 3;
	extern int global;

	calls++;
	return calls + global;
}

/* expect effects_of_conditions
 * b0:
 *	branch a b1 b2
 * b1:
 *	call use(1)
 *	jump b2
 * b2:
 *	branch a b4 b3
 * b3:
 *	call use(2)
 *	jump b4
 * b4:
 *	branch a b5 b6
 * b5:
 *	call use(3)
 *	jump b7
 * b6:
 *	call use(4)
 *	jump b7
 * b7:
 *	return implicit
 */
void
effects_of_conditions(int a)
{
	(void)(a && (use(1), 0));
	(void)(a || (use(2), 0));
	a ? use(3) : use(4);
}

/* expect assembly
 * b0:
 *	decl out
 *	eval *in
 *	havoc out, *in
 *	t0 = out
 *	end out
 *	return t0
 */
int
assembly(int *in)
{
	int out;

	__asm__ volatile("mov %1, %0" : "=r"(out) : "r"(*in), "r"(in));
	return out;
}

/* expect unknown_jumps
 *	not known: computed goto
 * b0:
 *	decl to = unknown()
 *	stop
 */
void
unknown_jumps(void)
{
	void *to = &&out;

	goto *to;
out:
	use(1);
}

/* expect jumps_of_assembly
 *	not known: asm goto
 * b0:
 *	havoc 
 *	call use(1)
 *	return implicit
 */
void
jumps_of_assembly(void)
{
	__asm__ goto("jmp %l0" : : : : out);
	use(1);
out:;
}

/* expect returns_twice
 *	not known: a call that returns twice
 * b0:
 *	t0 = call setjmp(state)
 *	return t0
 */
int
returns_twice(int *state)
{
	return setjmp(state);
}

/* Where things are: a call in its own line, the end of a variable at the brace or the jump.
 *
 * expect-lines places
 * b0:
 *	decl i = 0@2
 *	jump b1@2
 * b1: loop
 *	branch (i < n) b2 b5@2
 * b2:
 *	decl k@3
 *	k = call get()@4
 *	branch k b3 b4@6
 * b3:
 *	end k@7
 *	jump b5 (break@7)@7
 * b4:
 *	call use(1)@8
 *	t0 = call get()@10
 *	call use(t0)@9
 *	end k@11
 *	i = (i + 1)@2
 *	jump b1 (loop@11)@11
 * b5:
 *	end i@11
 *	return implicit@12
 */
/* clang-format off */
void
places(int n)
{
	for (int i = 0; i < n; i++) {
		int k =
			get();

		if (k)
			break;
		use(1);
		use(
			get());
	}
}
/* clang-format on */
