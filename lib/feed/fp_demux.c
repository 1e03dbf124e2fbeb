/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_demux.h"

int
fp_demux_add(struct fp_demux *demux, uint32_t group, uint16_t port, struct fp_channel *channel,
	uint8_t line)
{
	uint64_t key = fpi_demux_key(group, port);
	uint32_t place = fpi_demux_place(key);

	if (port == 0 || line >= FP_CHANNEL_LINES)
		return -EINVAL;
	if (fpi_demux_search(demux, key) != NULL)
		return -EEXIST;
	if (demux->count == FP_DEMUX_ROUTES_MAX)
		return -ENOMEM;
	while (demux->places[place].key != 0)
		place = (place + 1) & (FP_DEMUX_PLACES - 1);
	demux->places[place].key = key;
	demux->places[place].channel = channel;
	demux->places[place].line = line;
	channel->has_line_b |= line != 0;
	demux->count++;
	demux->has_any_group |= group == FP_DEMUX_ANY_GROUP;
	return 0;
}
