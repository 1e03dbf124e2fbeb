/* SPDX-License-Identifier: BSD-3-Clause */

#include "clang_errors.h"

void
clang_errors_each(CXTranslationUnit tu, clang_error_fn visit, void *context)
{
	CXDiagnosticSet set = clang_getDiagnosticSetFromTU(tu);
	const unsigned int count = clang_getNumDiagnosticsInSet(set);

	for (unsigned int i = 0; i < count; i++) {
		CXDiagnostic diagnostic = clang_getDiagnosticInSet(set, i);

		if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error)
			visit(diagnostic, context);
		clang_disposeDiagnostic(diagnostic);
	}
	clang_disposeDiagnosticSet(set);
}
