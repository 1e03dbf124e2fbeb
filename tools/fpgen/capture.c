/* SPDX-License-Identifier: BSD-3-Clause */

#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "complain.h"

#define NS_PER_S     UINT64_C(1000000000)
#define FIRST_SECOND 1704204000 /* 2024-01-02 14:00:00 UTC */
#define SNAP_LEN     65535

int
capture_open(struct capture *capture, const char *path, uint64_t rate_hz)
{
	memset(capture, 0, sizeof(*capture));
	capture->path = path;
	capture->rate_hz = rate_hz;
	capture->pcap = pcap_open_dead_with_tstamp_precision(
		DLT_EN10MB, SNAP_LEN, PCAP_TSTAMP_PRECISION_NANO);
	if (capture->pcap == NULL) {
		complain("%s: no memory for the capture", path);
		return -ENOMEM;
	}
	capture->dumper = pcap_dump_open(capture->pcap, path);
	if (capture->dumper == NULL) {
		complain("%s: cannot be written: %s", path, pcap_geterr(capture->pcap));
		pcap_close(capture->pcap);
		capture->pcap = NULL;
		return -EIO;
	}
	return 0;
}

/* Nanoseconds after the first: due / rate in two steps, so that nothing overflows. */
static uint64_t
due_ns(const struct capture *capture, unsigned int line_idx, uint64_t due)
{
	const uint64_t rate = capture->rate_hz;
	const uint64_t on_a = due / rate * NS_PER_S + due % rate * NS_PER_S / rate;

	return on_a + (line_idx == 0 ? 0 : NS_PER_S / rate / 2);
}

void
capture_write(struct capture *capture, unsigned int line_idx, uint64_t due, const uint8_t *frame,
	size_t len)
{
	struct pcap_pkthdr header;
	uint64_t now_ns = due_ns(capture, line_idx, due);

	if (now_ns <= capture->last_ns && capture->frames[0] + capture->frames[1] != 0)
		now_ns = capture->last_ns + 1;
	capture->last_ns = now_ns;
	memset(&header, 0, sizeof(header));
	header.ts.tv_sec = (time_t)(FIRST_SECOND + now_ns / NS_PER_S);
	header.ts.tv_usec =
		(suseconds_t)(now_ns % NS_PER_S); /* nanoseconds, by the precision above */
	header.caplen = (bpf_u_int32)len;
	header.len = (bpf_u_int32)len;
	pcap_dump((u_char *)capture->dumper, &header, frame);
	capture->frames[line_idx]++;
}

int
capture_close(struct capture *capture)
{
	int rc = 0;

	if (capture->pcap == NULL)
		return 0;
	if (pcap_dump_flush(capture->dumper) != 0 || ferror(pcap_dump_file(capture->dumper)) != 0) {
		complain("%s: not all could be written: %m", capture->path);
		rc = -EIO;
	}
	pcap_dump_close(capture->dumper);
	pcap_close(capture->pcap);
	capture->pcap = NULL;
	return rc;
}
