/* SPDX-License-Identifier: BSD-3-Clause */

#include "rules.h"

void
rules_report_at(struct rules *rules, enum finding_rule rule, struct place at, const char *text,
	const struct finding_note *note)
{
	struct finding finding = { .rule = rule, .at = at, .text = text };

	finding.function = rules->function_name;
	if (note != NULL)
		finding.notes[finding.note_count++] = *note;
	if (rules->has_root) {
		finding.notes[finding.note_count++] = (struct finding_note){
			.at = unit_place(rules->unit, rules->root),
			.text = RULES_TEXT(rules, "the hot function '%s' calls '%s'",
				unit_spelling(rules->unit, rules->root), rules->function_name),
		};
	}
	if (settings_wants(rules->unit->settings, rule))
		finding_add(rules->unit->findings, &finding);
}

void
rules_report(struct rules *rules, enum finding_rule rule, uint32_t node, const char *text,
	const struct finding_note *note)
{
	struct place at = unit_place(rules->unit, rules->tree.nodes[node].cursor);

	rules_report_at(rules, rule, at, text, note);
}

bool
rules_is_busy(const struct rules *rules, uint32_t node)
{
	const struct tree_node *at = &rules->tree.nodes[node];

	return rules->is_hot && !at->is_exceptional && !at->is_unevaluated;
}

static void
check_function(struct unit *unit, CXCursor function, void *context)
{
	struct rules *rules = context;

	rules->function = function;
	rules->function_name = unit_spelling(unit, function);
	rules->is_hot = unit_is_hot(unit, function);
	rules->has_root = rules->is_hot && hot_root_of(unit, function, &rules->root);
	tree_build(&rules->tree, function);
	origins_learn(&rules->origins, unit, &rules->flows, &rules->tree);
	rules_calls(rules);
	rules_strings(rules);
	rules_stored(rules);
	rules_laundering(rules);
	rules_stack(rules);
	rules_scoped(rules);
	rules_raw_view(rules);
}

void
rules_check(struct unit *unit)
{
	struct rules rules = { .unit = unit };

	tree_init(&rules.tree, hot_callees(unit));
	flows_learn(&rules.flows, unit, hot_callees(unit));
	unit_each_function(unit, check_function, &rules);
	tree_fini(&rules.tree);
	rules_scoped_prototypes(unit);
	rules_nested(unit);
}
