/* SPDX-License-Identifier: BSD-3-Clause */

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <rte_bus_vdev.h>
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_malloc.h>
#include <rte_memcpy.h>

#include "feed_headers.h"
#include "feed_pace.h"
#include "fp_atomic.h"
#include "fp_file_feed.h"
#include "fp_panic.h"
#include "fp_poison.h"

#define PORT_NAME "net_null_file"

/* Pieces that one system call reads. */
#define READ_PIECES 32

struct fp_file_feed {
	/* hot */
	int fd;                              /**< Of the file. */
	uint16_t piece;                      /**< Payload of a datagram [bytes]. */
	bool is_done;                        /**< Nothing is left to send. */
	bool is_cut;                         /**< The file ended before its end. */
	uint64_t size;                       /**< When it was opened [bytes]. */
	uint64_t offset;                     /**< Of the next piece [bytes]. */
	uint64_t bytes;                      /**< Sent, all passes together. */
	uint64_t datagrams;                  /**< Sent. */
	uint64_t repeats;                    /**< Left after this pass. */
	struct feed_pace pace;               /**< In datagrams. */
	uint8_t headers[FEED_HEADERS_BYTES]; /**< Of a whole piece. */
	/* cold */
	uint16_t port_id;
	const struct rte_eth_rxtx_callback *callback;
};

static void
write_headers(uint8_t headers[FEED_HEADERS_BYTES], uint16_t len)
{
	struct fp_writer writer = fp_writer_open(fp_span_over(headers, FEED_HEADERS_BYTES));

	feed_write_headers(&writer, FP_FILE_FEED_GROUP, FP_FILE_FEED_UDP_PORT, len);
}

/* Open the file, which has to be one that can be read at any place, more than once. */
static int
open_file(struct fp_file_feed *feed, const char *path)
{
	struct stat status;

	/* A pipe without a writer would not let go before one comes. */
	feed->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (feed->fd < 0)
		return errno == ENOENT ? -ENOENT : -EIO;
	if (fstat(feed->fd, &status) != 0)
		return -EIO;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	if (status.st_size == 0)
		return -ENODATA;
	feed->size = (uint64_t)status.st_size;
	(void)posix_fadvise(feed->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return 0;
}

static int
create_port(struct fp_file_feed *feed)
{
	int error = rte_vdev_init(PORT_NAME, "size=64,no-rx=0");

	if (error != 0)
		return error == -EEXIST || error == -ENOMEM ? error : -EIO;
	if (rte_eth_dev_get_port_by_name(PORT_NAME, &feed->port_id) == 0)
		return 0;
	(void)rte_vdev_uninit(PORT_NAME);
	return -EIO;
}

int
fp_file_feed_create(const struct fp_file_feed_params *params, struct fp_file_feed **out)
{
	struct fp_file_feed *feed;
	int error;

	*out = NULL;
	if (params->piece > FP_FILE_FEED_PIECE_MAX)
		return -EINVAL;
	feed = rte_zmalloc("file_feed", sizeof(*feed), FP_CACHE_LINE_BYTES);
	if (feed == NULL)
		return -ENOMEM;
	feed->piece = params->piece != 0 ? params->piece : FP_FILE_FEED_PIECE;
	feed->repeats = params->repeats;
	feed->pace.rate = params->rate;
	write_headers(feed->headers, feed->piece);
	error = open_file(feed, params->path);
	if (error == 0)
		error = create_port(feed);
	if (error != 0) {
		if (feed->fd >= 0)
			(void)close(feed->fd);
		rte_free(feed);
		return error;
	}
	*out = feed;
	return 0;
}

/*
 * Take the callback away. DPDK leaves it with the queue when a port is closed, and would call it
 * for the next port of that number; its memory is the caller's to free.
 */
static void
detach(struct fp_file_feed *feed)
{
	uint16_t port_id;

	if (feed->callback == NULL)
		return;
	if (rte_eth_dev_get_port_by_name(PORT_NAME, &port_id) != 0) {
		fp_panic("port %u of the file feed was closed before the feed was destroyed: stop "
			 "it only, fp_file_feed_destroy() closes it",
			feed->port_id);
	}
	(void)rte_eth_remove_rx_callback(port_id, 0, feed->callback);
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): DPDK gives it as const */
	rte_free((void *)(uintptr_t)feed->callback);
	feed->callback = NULL;
}

void
fp_file_feed_destroy(struct fp_file_feed *feed)
{
	if (feed == NULL)
		return;
	detach(feed);
	(void)rte_vdev_uninit(PORT_NAME); /* closes it */
	(void)close(feed->fd);
	rte_free(feed);
}

uint16_t
fp_file_feed_port(const struct fp_file_feed *feed)
{
	return feed->port_id;
}

bool
fp_file_feed_is_done(const struct fp_file_feed *feed)
{
	return fp_load_relaxed_bool(&feed->is_done);
}

bool
fp_file_feed_is_cut(const struct fp_file_feed *feed)
{
	return fp_load_relaxed_bool(&feed->is_cut);
}

uint64_t
fp_file_feed_bytes(const struct fp_file_feed *feed)
{
	return fp_load_relaxed_u64(&feed->bytes);
}

uint64_t
fp_file_feed_datagrams(const struct fp_file_feed *feed)
{
	return fp_load_relaxed_u64(&feed->datagrams);
}

uint64_t
fp_file_feed_size(const struct fp_file_feed *feed)
{
	return feed->size;
}

/* Put headers before a payload that is in its place already. */
static inline void
finish_frame(const struct fp_file_feed *feed, struct rte_mbuf *mbuf, uint16_t len)
{
	uint8_t *data = rte_pktmbuf_mtod(mbuf, uint8_t *);

	mbuf->data_len = (uint16_t)(FEED_HEADERS_BYTES + len);
	mbuf->pkt_len = mbuf->data_len;
	if (FP_LIKELY(len == feed->piece)) {
		rte_memcpy(data, feed->headers, FEED_HEADERS_BYTES);
	} else {
		write_headers(data, len);
	}
}

/* Where a piece of an mbuf is read to. */
static inline uint8_t *
payload_of(const struct fp_file_feed *feed, struct rte_mbuf *mbuf)
{
	uint8_t *data = rte_pktmbuf_mtod(mbuf, uint8_t *);

	if (FP_UNLIKELY(rte_pktmbuf_tailroom(mbuf) + mbuf->data_len <
		    FEED_HEADERS_BYTES + feed->piece)) {
		fp_panic("a buffer of the file feed's queue has room for %u bytes, and a frame %u: "
			 "give its pool a greater data room, or the feed a shorter piece",
			(unsigned int)rte_pktmbuf_tailroom(mbuf) + mbuf->data_len,
			(unsigned int)(FEED_HEADERS_BYTES + feed->piece));
	}
	fp_unpoison(data, FEED_HEADERS_BYTES + (size_t)feed->piece);
	return data + FEED_HEADERS_BYTES;
}

/* The pass is over: begin anew, or be done. */
static void
end_pass(struct fp_file_feed *feed)
{
	feed->offset = 0;
	if (feed->repeats == 0) {
		fp_store_relaxed_bool(&feed->is_done, true);
	} else {
		feed->repeats--;
	}
}

/* Read the next pieces of this pass into mbufs; how many frames they became. */
static uint16_t
read_pieces(struct fp_file_feed *feed, struct rte_mbuf **mbufs, uint16_t count)
{
	struct iovec pieces[READ_PIECES];
	uint64_t left = feed->size - feed->offset;
	uint64_t wanted = 0;
	uint64_t got;
	ssize_t result;
	uint16_t filled = 0;
	int used = 0;

	while (used < count && used < READ_PIECES && wanted < left) {
		size_t len = RTE_MIN((uint64_t)feed->piece, left - wanted);

		pieces[used].iov_base = payload_of(feed, mbufs[used]);
		pieces[used++].iov_len = len;
		wanted += len;
	}
	result = preadv(feed->fd, pieces, used, (off_t)feed->offset);
	got = result > 0 ? (uint64_t)result : 0;
	for (uint64_t at = 0; at < got; at += feed->piece)
		finish_frame(feed, mbufs[filled++], (uint16_t)RTE_MIN(feed->piece, got - at));
	feed->offset += got;
	fp_store_relaxed_u64(&feed->bytes, feed->bytes + got);
	if (FP_UNLIKELY(got < wanted)) {
		fp_store_relaxed_bool(&feed->is_cut, true);
		fp_store_relaxed_bool(&feed->is_done, true);
	} else if (feed->offset == feed->size) {
		end_pass(feed);
	}
	return filled;
}

static uint16_t
on_receive(uint16_t port_id, uint16_t queue_id, struct rte_mbuf **mbufs, uint16_t count,
	uint16_t max_count, void *arg)
{
	struct fp_file_feed *feed = arg;
	uint64_t allowed = feed_pace_allowed(&feed->pace, rte_rdtsc(), 2ULL * READ_PIECES);
	uint16_t wanted = (uint16_t)RTE_MIN((uint64_t)count, allowed);
	uint16_t filled = 0;

	(void)port_id;
	(void)queue_id;
	(void)max_count;
	while (filled < wanted && !feed->is_done) {
		filled = (uint16_t)(filled +
			read_pieces(feed, mbufs + filled, (uint16_t)(wanted - filled)));
	}
	feed_pace_spend(&feed->pace, filled);
	fp_store_relaxed_u64(&feed->datagrams, feed->datagrams + filled);
	if (filled < count)
		rte_pktmbuf_free_bulk(mbufs + filled, count - filled);
	return filled;
}

int
fp_file_feed_attach(struct fp_file_feed *feed)
{
	feed_pace_start(&feed->pace, feed->pace.rate, rte_get_tsc_hz(), rte_rdtsc());
	feed->callback = rte_eth_add_rx_callback(feed->port_id, 0, on_receive, feed);
	return feed->callback != NULL ? 0 : -ENOMEM;
}
