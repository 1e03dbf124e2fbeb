/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The tags of FIX that are used, as one table, and the data fields by their length fields.
 *
 * A data field may hold any byte, the delimiter included, so it is found by its length only: the
 * field before it says how long it is.
 */

#ifndef FP_FIX_TAGS_H
#define FP_FIX_TAGS_H

#include <stdint.h>

#include "fp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Ends every field: SOH. */
#define FP_FIX_SOH 0x01

/**
 * Tags: T(number, NAME, name).
 */
#define FP_FIX_TAGS(T)                                \
	T(6, AVG_PX, "AvgPx")                         \
	T(7, BEGIN_SEQ_NO, "BeginSeqNo")              \
	T(8, BEGIN_STRING, "BeginString")             \
	T(9, BODY_LENGTH, "BodyLength")               \
	T(10, CHECK_SUM, "CheckSum")                  \
	T(11, CL_ORD_ID, "ClOrdID")                   \
	T(14, CUM_QTY, "CumQty")                      \
	T(16, END_SEQ_NO, "EndSeqNo")                 \
	T(17, EXEC_ID, "ExecID")                      \
	T(19, EXEC_REF_ID, "ExecRefID")               \
	T(20, EXEC_TRANS_TYPE, "ExecTransType")       \
	T(22, SECURITY_ID_SOURCE, "SecurityIDSource") \
	T(31, LAST_PX, "LastPx")                      \
	T(32, LAST_QTY, "LastQty")                    \
	T(34, MSG_SEQ_NUM, "MsgSeqNum")               \
	T(35, MSG_TYPE, "MsgType")                    \
	T(36, NEW_SEQ_NO, "NewSeqNo")                 \
	T(37, ORDER_ID, "OrderID")                    \
	T(38, ORDER_QTY, "OrderQty")                  \
	T(39, ORD_STATUS, "OrdStatus")                \
	T(40, ORD_TYPE, "OrdType")                    \
	T(41, ORIG_CL_ORD_ID, "OrigClOrdID")          \
	T(43, POSS_DUP_FLAG, "PossDupFlag")           \
	T(44, PRICE, "Price")                         \
	T(48, SECURITY_ID, "SecurityID")              \
	T(49, SENDER_COMP_ID, "SenderCompID")         \
	T(52, SENDING_TIME, "SendingTime")            \
	T(54, SIDE, "Side")                           \
	T(55, SYMBOL, "Symbol")                       \
	T(56, TARGET_COMP_ID, "TargetCompID")         \
	T(60, TRANSACT_TIME, "TransactTime")          \
	T(83, RPT_SEQ, "RptSeq")                      \
	T(97, POSS_RESEND, "PossResend")              \
	T(112, TEST_REQ_ID, "TestReqID")              \
	T(123, GAP_FILL_FLAG, "GapFillFlag")          \
	T(141, RESET_SEQ_NUM_FLAG, "ResetSeqNumFlag") \
	T(150, EXEC_TYPE, "ExecType")                 \
	T(151, LEAVES_QTY, "LeavesQty")               \
	T(262, MD_REQ_ID, "MDReqID")                  \
	T(268, NO_MD_ENTRIES, "NoMDEntries")          \
	T(269, MD_ENTRY_TYPE, "MDEntryType")          \
	T(270, MD_ENTRY_PX, "MDEntryPx")              \
	T(271, MD_ENTRY_SIZE, "MDEntrySize")          \
	T(272, MD_ENTRY_DATE, "MDEntryDate")          \
	T(273, MD_ENTRY_TIME, "MDEntryTime")          \
	T(278, MD_ENTRY_ID, "MDEntryID")              \
	T(279, MD_UPDATE_ACTION, "MDUpdateAction")    \
	T(280, MD_ENTRY_REF_ID, "MDEntryRefID")       \
	T(285, DELETE_REASON, "DeleteReason")         \
	T(1180, APPL_ID, "ApplID")                    \
	T(1181, APPL_SEQ_NUM, "ApplSeqNum")

/**
 * Data fields: D(length tag, data tag). The length field comes directly before.
 */
#define FP_FIX_DATA_FIELDS(D) \
	D(90, 91)             \
	D(93, 89)             \
	D(95, 96)             \
	D(212, 213)           \
	D(348, 349)           \
	D(350, 351)           \
	D(352, 353)           \
	D(354, 355)           \
	D(356, 357)           \
	D(358, 359)           \
	D(360, 361)           \
	D(362, 363)           \
	D(364, 365)           \
	D(445, 446)           \
	D(618, 619)           \
	D(621, 622)

#define FPI_FIX_TAG_ENUM(number, NAME, name) FP_FIX_TAG_##NAME = (number),

/** Numbers of the tags that are used. */
enum fp_fix_tag {
	FP_FIX_TAGS(FPI_FIX_TAG_ENUM)
};

#ifdef __cplusplus
}
#endif

#endif /* FP_FIX_TAGS_H */
