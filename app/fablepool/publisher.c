/* SPDX-License-Identifier: BSD-3-Clause */

#include <time.h>

#include <rte_cycles.h>

#include "fp_counter.h"
#include "fp_panic.h"
#include "fp_udp.h"
#include "publisher.h"

#define ETHERNET_BYTES 14
#define IPV4_BYTES     20
#define UDP_BYTES      8
#define HEADERS_BYTES  (ETHERNET_BYTES + IPV4_BYTES + UDP_BYTES)
#define FRAME_MAX      (HEADERS_BYTES + FP_PACKET_MAX_BYTES)
#define TTL            16
#define PROTOCOL_UDP   17

/* A full port is asked this often before packets are given up. */
#define TRANSMIT_TRIES 64

/* The encoder copies whole cache lines: room behind the last message of a full packet. */
#define ENCODE_SLACK FP_MESSAGE_MAX_BYTES

void
publisher_init(struct publisher *publisher, const struct publisher_params *params)
{
	struct timespec now;

	memset(publisher, 0, sizeof(*publisher));
	publisher->params = *params;
	publisher->sequence = 1;
	publisher->hz = rte_get_tsc_hz();
	publisher->epoch_tsc = rte_rdtsc();
	publisher->last_sent = publisher->epoch_tsc;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	publisher->epoch_ns = (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

static uint64_t
time_of_day_ns(const struct publisher *publisher, uint64_t tsc)
{
	uint64_t cycles = tsc - publisher->epoch_tsc;

	return publisher->epoch_ns + cycles / publisher->hz * 1000000000ULL +
		cycles % publisher->hz * 1000000000ULL / publisher->hz;
}

/*
 * Start a packet: a rented buffer whose headers are left open.
 *
 * fpcheck: allow FP0403 because the writer is the packet's, whose lease is beside it
 */
static bool
open_packet(struct publisher *publisher)
{
	int error = fp_lease_rent(publisher->params.pool, FRAME_MAX + ENCODE_SLACK, publisher->now,
		&publisher->packet);

	if (FP_UNLIKELY(error != 0))
		return false;
	publisher->writer = fp_writer_open(fp_lease_writable(&publisher->packet));
	fp_writer_write_zeros(&publisher->writer, HEADERS_BYTES + FP_PACKET_HEADER_BYTES);
	publisher->count = 0;
	return true;
}

static void
write_mac(struct fp_writer *writer, const struct publisher_params *params)
{
	if (params->destination >> 28 == 0xe) {
		fp_writer_write_be16(writer, 0x0100);
		fp_writer_write_be32(writer, 0x5e000000 | (params->destination & 0x7fffff));
	} else {
		fp_writer_write_bytes(writer,
			fp_cspan_over(params->destination_mac, sizeof(params->destination_mac)));
	}
	fp_writer_write_bytes(
		writer, fp_cspan_over(params->source_mac, sizeof(params->source_mac)));
	fp_writer_write_be16(writer, 0x0800);
}

static void
write_headers(struct publisher *publisher, uint16_t payload_len)
{
	const struct publisher_params *params = &publisher->params;
	struct fp_span frame = fp_lease_writable(&publisher->packet);
	struct fp_writer writer = fp_writer_open(frame);
	struct fp_packet_header header = {
		.session = params->session,
		.sequence = publisher->sequence,
		.send_time_ns = time_of_day_ns(publisher, publisher->now),
		.channel = params->channel,
		.count = publisher->count,
		.payload_len = (uint16_t)(payload_len - FP_PACKET_HEADER_BYTES),
	};
	uint64_t sum;

	write_mac(&writer, params);
	fp_writer_write_be16(&writer, 0x4500);
	fp_writer_write_be16(&writer, (uint16_t)(IPV4_BYTES + UDP_BYTES + payload_len));
	fp_writer_write_be32(&writer, 0x00004000); /* don't fragment */
	fp_writer_write_be16(&writer, TTL << 8 | PROTOCOL_UDP);
	sum = 0x4500U + IPV4_BYTES + UDP_BYTES + payload_len + 0x4000U + (TTL << 8 | PROTOCOL_UDP) +
		(uint64_t)params->source + params->destination;
	fp_writer_write_be16(&writer, (uint16_t)~fp_checksum_fold(sum));
	fp_writer_write_be32(&writer, params->source);
	fp_writer_write_be32(&writer, params->destination);
	fp_writer_write_be16(&writer, params->udp_port);
	fp_writer_write_be16(&writer, params->udp_port);
	fp_writer_write_be16(&writer, (uint16_t)(UDP_BYTES + payload_len));
	fp_writer_write_be16(&writer, 0); /* no UDP checksum: RFC 768 allows it over IPv4 */
	fp_packet_encode(&writer, &header);
}

/* Hand the waiting packets to the port; what it does not take in time is given up, counted. */
static void
transmit(struct publisher *publisher)
{
	struct publisher_counters *counters = &publisher->counters;
	const uint16_t waiting = publisher->waiting;
	uint64_t bytes[PUBLISHER_BURST];
	uint16_t sent = 0;
	uint64_t now;

	for (uint16_t i = 0; i < waiting; i++)
		bytes[i] = publisher->burst[i].len - HEADERS_BYTES;
	for (int i = 0; i < TRANSMIT_TRIES && sent < waiting; i++) {
		sent = (uint16_t)(sent +
			fp_lease_transmit(publisher->params.port_id, publisher->params.queue_id,
				publisher->burst + sent, (uint16_t)(waiting - sent),
				publisher->now));
	}
	FP_ASSERT(sent <= waiting);
	now = rte_rdtsc();
	if (publisher->params.latency != NULL && sent != 0)
		fp_histogram_record_n(publisher->params.latency, now - publisher->now, sent);
	publisher->last_sent = now;
	fp_counter_add(&counters->packets, sent);
	for (uint16_t i = 0; i < sent; i++) {
		fp_counter_add(&counters->messages, publisher->burst_counts[i]);
		fp_counter_add(&counters->bytes, bytes[i]);
	}
	if (FP_UNLIKELY(sent < waiting)) {
		fp_counter_add(&counters->dropped_packets, waiting - sent);
		for (uint16_t i = sent; i < waiting; i++)
			fp_counter_add(&counters->dropped_messages, publisher->burst_counts[i]);
		fp_lease_release_burst(
			publisher->burst + sent, (uint16_t)(waiting - sent), publisher->now);
	}
	publisher->waiting = 0;
}

/* Finish the packet being filled and let it wait for the port. */
static void
close_packet(struct publisher *publisher)
{
	uint16_t len = (uint16_t)fp_writer_written(&publisher->writer);

	write_headers(publisher, (uint16_t)(len - HEADERS_BYTES));
	if (fp_lease_slice(&publisher->packet, 0, len) != 0)
		return;
	publisher->burst_counts[publisher->waiting] = publisher->count;
	publisher->burst[publisher->waiting++] = publisher->packet;
	publisher->packet = fp_lease_none();
	publisher->sequence += publisher->count;
	if (publisher->waiting == PUBLISHER_BURST)
		transmit(publisher);
}

void
publisher_write(struct publisher *publisher, const struct fp_message *message)
{
	if (FP_UNLIKELY(!fp_lease_is_empty(&publisher->packet) &&
		    fp_writer_written(&publisher->writer) + message->len > FRAME_MAX))
		close_packet(publisher);
	if (fp_lease_is_empty(&publisher->packet) && FP_UNLIKELY(!open_packet(publisher))) {
		/* The message is lost for receivers: its number stays used, so that they see it. */
		publisher->sequence++;
		fp_counter_add(&publisher->counters.dropped_messages, 1);
		return;
	}
	/* fpcheck: allow FP0403 because the writer is the packet's, whose lease is beside it */
	fp_message_encode(&publisher->writer, message);
	fp_counter_add(&publisher->counters.by_type[message->type], 1);
	publisher->count++;
	publisher->has_ended = message->type == FP_MESSAGE_END_OF_SESSION;
}

void
publisher_flush(struct publisher *publisher)
{
	if (!fp_lease_is_empty(&publisher->packet))
		close_packet(publisher);
	if (publisher->waiting != 0)
		transmit(publisher);
}

/* Messages of the stream so far, the packet being filled included. */
static uint64_t
messages_so_far(const struct publisher *publisher)
{
	bool is_filling = !fp_lease_is_empty(&publisher->packet);

	return publisher->sequence - 1 + (is_filling ? publisher->count : 0);
}

void
publisher_idle(struct publisher *publisher, uint64_t now)
{
	struct fp_message heartbeat = {
		.len = FP_MESSAGE_LEN(heartbeat),
		.type = FP_MESSAGE_HEARTBEAT,
		.heartbeat = { .messages = messages_so_far(publisher) },
	};

	if (FP_LIKELY(now - publisher->last_sent < publisher->hz) || publisher->has_ended)
		return;
	publisher_begin(publisher, now);
	heartbeat.time_ns = time_of_day_ns(publisher, now);
	publisher_write(publisher, &heartbeat);
	publisher_flush(publisher);
}

void
publisher_end(struct publisher *publisher)
{
	struct fp_message end = {
		.len = FP_MESSAGE_LEN(end_of_session),
		.type = FP_MESSAGE_END_OF_SESSION,
		.end_of_session = { .messages = messages_so_far(publisher) },
	};

	publisher_begin(publisher, rte_rdtsc());
	if (!publisher->has_ended)
		publisher_write(publisher, &end);
	publisher_flush(publisher);
}
