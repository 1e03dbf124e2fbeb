/* SPDX-License-Identifier: BSD-3-Clause */

/* fp_fix_frame() and fp_fix_fields_next() read what QuickFIX wrote, and captured messages. */

#include <cstdio>
#include <fstream>
#include <iterator>

#include <quickfix/fix42/ExecutionReport.h>
#include <quickfix/fix42/MarketDataSnapshotFullRefresh.h>
#include <quickfix/fix42/NewOrderSingle.h>
#include <quickfix/fix44/ExecutionReport.h>
#include <quickfix/fix44/MarketDataIncrementalRefresh.h>
#include <quickfix/fix44/MarketDataSnapshotFullRefresh.h>
#include <quickfix/fix44/NewOrderSingle.h>
#include <quickfix/fix44/News.h>
#include <quickfix/fix44/OrderCancelReplaceRequest.h>
#include <quickfix/fix44/OrderCancelRequest.h>
#include <quickfix/fix50/ExecutionReport.h>
#include <quickfix/fix50/MarketDataIncrementalRefresh.h>
#include <quickfix/fix50/MarketDataSnapshotFullRefresh.h>
#include <quickfix/fix50/NewOrderSingle.h>
#include <quickfix/fixt11/Logon.h>

#include "fp_fix_frame.h"
#include "quickfix_fields.h"
#include "quickfix_peer.h"

namespace
{

/* We find in QuickFIX's text what its message holds, in the same order. */
void
compare_theirs(FIX::Message &message)
{
	std::string text = message.toString();
	Fields ours;

	if (!our_fields(text, ours))
		fail("refused", text);
	else if (ours != their_fields(message))
		fail("read otherwise", text);
}

void
fill_header(FIX::Message &message)
{
	message.getHeader().setField(FIX::SenderCompID(random_text()));
	message.getHeader().setField(FIX::TargetCompID(random_text()));
	message.getHeader().setField(FIX::MsgSeqNum(static_cast<int>(random_below(INT32_MAX))));
	message.getHeader().setField(FIX::SendingTime(FIX::UtcTimeStamp()));
}

double
random_double()
{
	return static_cast<double>(random_ticks()) / 1e9;
}

template <class Message>
void
compare_their_refresh(bool is_incremental)
{
	Message message;
	uint64_t count = random_u64() % 20 + 1;

	fill_header(message);
	message.setField(FIX::MDReqID(random_text()));
	for (uint64_t i = 0; i < count; i++) {
		typename Message::NoMDEntries entry;

		if (is_incremental)
			entry.setField(FIX::MDUpdateAction('0'));
		entry.setField(FIX::MDEntryType('1'));
		entry.setField(FIX::MDEntryPx(random_double()));
		entry.setField(FIX::MDEntrySize(random_double()));
		entry.setField(FIX::MDEntryTime(FIX::UtcTimeOnly()));
		message.addGroup(entry);
	}
	compare_theirs(message);
}

template <class Message>
void
compare_their_order()
{
	Message message;

	fill_header(message);
	message.setField(FIX::ClOrdID(random_text()));
	message.setField(FIX::OrigClOrdID(random_text()));
	message.setField(FIX::Symbol(random_text()));
	message.setField(FIX::Side('1'));
	message.setField(FIX::OrdType('2'));
	message.setField(FIX::Price(random_double()));
	message.setField(FIX::OrderQty(random_double()));
	message.setField(FIX::LastPx(random_double()));
	message.setField(FIX::TransactTime(FIX::UtcTimeStamp(), 9));
	message.setField(static_cast<int>(5000 + random_below(4999)), random_text());
	compare_theirs(message);
}

/* Messages of a file, one behind the other, perhaps with line ends between. */
void
compare_file(const char *name)
{
	std::ifstream stream(std::string(FP_SHARED_DIR) + "/data/" + name, std::ios::binary);
	std::string bytes(
		(std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
	size_t at = 0, messages = 0;

	if (!stream) {
		printf("# %s is not there: left out\n", name);
		return;
	}
	while (at < bytes.size()) {
		struct fp_fix_frame frame;
		struct fp_fix_fault fault;
		Fields ours, theirs;

		if (bytes[at] == '\n' || bytes[at] == '\r') {
			at++;
			continue;
		}
		if (fp_fix_frame(fp_cspan_over(bytes.data() + at,
					 static_cast<uint32_t>(bytes.size() - at)),
			    &frame, &fault) != 0) {
			fail("not framed", bytes.substr(at, 80));
			return;
		}
		std::string text = bytes.substr(at, frame.message.len);
		if (!our_fields(text, ours) || !their_fields_of(text, theirs) ||
			!same_fields(ours, theirs))
			fail("read otherwise", text);
		at += frame.message.len;
		messages++;
	}
	printf("# %s: %zu messages\n", name, messages);
}

} /* namespace */

void
we_read_the_fields_that_they_wrote()
{
	for (unsigned i = 0; i < MESSAGES / 10; i++) {
		compare_their_refresh<FIX42::MarketDataSnapshotFullRefresh>(false);
		compare_their_refresh<FIX44::MarketDataSnapshotFullRefresh>(false);
		compare_their_refresh<FIX50::MarketDataSnapshotFullRefresh>(false);
		compare_their_refresh<FIX44::MarketDataIncrementalRefresh>(true);
		compare_their_refresh<FIX50::MarketDataIncrementalRefresh>(true);
		compare_their_order<FIX42::NewOrderSingle>();
		compare_their_order<FIX42::ExecutionReport>();
		compare_their_order<FIX44::NewOrderSingle>();
		compare_their_order<FIX44::OrderCancelReplaceRequest>();
		compare_their_order<FIX44::OrderCancelRequest>();
		compare_their_order<FIX44::ExecutionReport>();
		compare_their_order<FIX50::NewOrderSingle>();
		compare_their_order<FIX50::ExecutionReport>();
		compare_their_order<FIXT11::Logon>();
	}
}

void
we_read_data_fields_that_they_wrote()
{
	for (unsigned i = 0; i < 500; i++) {
		FIX44::News message;
		std::string data;

		for (uint64_t j = random_u64() % 100 + 1; j > 0; j--)
			data += static_cast<char>(random_u64() % 4);
		fill_header(message);
		message.setField(FIX::Headline(random_text()));
		message.setField(FIX::RawDataLength(static_cast<int>(data.size())));
		message.setField(FIX::RawData(data));
		compare_theirs(message);
	}
}

void
both_read_the_same_in_captured_messages()
{
	compare_file("fix41-16.fix");
	compare_file("fix50-cme-test.fix");
}
