/* The link protocol, as numbers. Printed from src/device/protocol/messages.ts: change that, not this. */
#ifndef TML_LINK_MESSAGES_H
#define TML_LINK_MESSAGES_H

#define TML_PROTOCOL_VERSION 1

/* Message types, with the offset of each field in the payload and the bytes of all fields that have a fixed length. */

/* to-board: Who are you? Forgets the last request, so that a new session may number from 1. */
#define TML_MSG_HELLO 0x01
#define TML_HELLO_FIXED_BYTES 0

/* to-board: Bytes of the inputs at an offset; invalidates the outputs. Answer: ack. */
#define TML_MSG_INPUT 0x02
#define TML_INPUT_OFFSET 0 /* u32 */
#define TML_INPUT_BYTES 4 /* bytes */
#define TML_INPUT_FIXED_BYTES 4

/* to-board: The last bytes of the inputs, then run. Answer: ack at once, result when done. */
#define TML_MSG_INFER 0x03
#define TML_INFER_OFFSET 0 /* u32 */
#define TML_INFER_BYTES 4 /* bytes */
#define TML_INFER_FIXED_BYTES 4

/* to-board: Asks for bytes of the outputs. Answer: output. */
#define TML_MSG_READ_OUTPUT 0x04
#define TML_READ_OUTPUT_OFFSET 0 /* u32 */
#define TML_READ_OUTPUT_LENGTH 4 /* u16 */
#define TML_READ_OUTPUT_FIXED_BYTES 6

/* to-board: Initialises the model anew: clears the state of streaming models. Answer: ack. */
#define TML_MSG_RESTART 0x05
#define TML_RESTART_FIXED_BYTES 0

/* to-board: What the next runs tell. flags 1: a layerDone after each layer. layer: whose tensor they send, 65535 for none. Ends with hello. Answer: ack. */
#define TML_MSG_WATCH 0x11
#define TML_WATCH_FLAGS 0 /* u8 */
#define TML_WATCH_LAYER 1 /* u16 */
#define TML_WATCH_FIXED_BYTES 3

/* to-board: Asks for the check sum of a layer's constants as they lie in memory. Answer: weightsReply. */
#define TML_MSG_WEIGHTS 0x12
#define TML_WEIGHTS_LAYER 0 /* u16 */
#define TML_WEIGHTS_FIXED_BYTES 2

/* to-board: What sensor feeds the model? flags 1: from now on its measurements are told in samples. Ends with hello. Answer: senseReply. */
#define TML_MSG_SENSE 0x14
#define TML_SENSE_FLAGS 0 /* u8 */
#define TML_SENSE_FIXED_BYTES 1

/* to-board: Measurements in the place of the sensor's, int16, channels in turn; until hello the sensor itself is not listened to. Results come unasked. Answer: ack, when all are taken in. */
#define TML_MSG_PLAY 0x15
#define TML_PLAY_BYTES 0 /* bytes */
#define TML_PLAY_FIXED_BYTES 0

/* to-board: Asks how much of the stack was ever used. Answer: memoryReply. */
#define TML_MSG_MEMORY 0x13
#define TML_MEMORY_FIXED_BYTES 0

/* to-host: What runs here. Sent unasked once at start, so that a reset is seen. */
#define TML_MSG_HELLO_REPLY 0x81
#define TML_HELLO_REPLY_PROTOCOL 0 /* u8 */
#define TML_HELLO_REPLY_MAX_PAYLOAD 1 /* u16 */
#define TML_HELLO_REPLY_MODEL_HASH 3 /* u32 */
#define TML_HELLO_REPLY_ARENA_BYTES 7 /* u32 */
#define TML_HELLO_REPLY_INPUT_BYTES 11 /* u32 */
#define TML_HELLO_REPLY_OUTPUT_BYTES 15 /* u32 */
#define TML_HELLO_REPLY_CLOCK_HZ 19 /* u32 */
#define TML_HELLO_REPLY_TICK_HZ 23 /* u32 */
#define TML_HELLO_REPLY_TICK_KIND 27 /* u8 */
#define TML_HELLO_REPLY_OVERRUNS 28 /* u16 */
#define TML_HELLO_REPLY_FIXED_BYTES 30

/* to-host: Done, or for infer: accepted. */
#define TML_MSG_ACK 0x82
#define TML_ACK_FIXED_BYTES 0

/* to-host: The model has run. status: what <name>_run returned. bytes: the beginning of the outputs, as much as the board sends at once. */
#define TML_MSG_RESULT 0x83
#define TML_RESULT_STATUS 0 /* i16 */
#define TML_RESULT_TICKS 2 /* u64 */
#define TML_RESULT_BYTES 10 /* bytes */
#define TML_RESULT_FIXED_BYTES 10

/* to-host: Bytes of the outputs at an offset. */
#define TML_MSG_OUTPUT 0x84
#define TML_OUTPUT_OFFSET 0 /* u32 */
#define TML_OUTPUT_BYTES 4 /* bytes */
#define TML_OUTPUT_FIXED_BYTES 4

/* to-host: The request was understood and refused. */
#define TML_MSG_ERROR 0x85
#define TML_ERROR_CODE 0 /* u8 */
#define TML_ERROR_FIXED_BYTES 1

/* to-host: A line of the firmware itself. */
#define TML_MSG_LOG 0x86
#define TML_LOG_LEVEL 0 /* u8 */
#define TML_LOG_FIXED_BYTES 1

/* to-host: A layer has run. crc: CRC-32 of its result. least, most: its smallest and largest element, as int32 or the bits of a float32. */
#define TML_MSG_LAYER_DONE 0x91
#define TML_LAYER_DONE_LAYER 0 /* u16 */
#define TML_LAYER_DONE_TICKS 2 /* u64 */
#define TML_LAYER_DONE_BYTES 10 /* u32 */
#define TML_LAYER_DONE_CRC 14 /* u32 */
#define TML_LAYER_DONE_LEAST 18 /* u32 */
#define TML_LAYER_DONE_MOST 22 /* u32 */
#define TML_LAYER_DONE_AT_LEAST 26 /* u32 */
#define TML_LAYER_DONE_AT_MOST 30 /* u32 */
#define TML_LAYER_DONE_FIXED_BYTES 34

/* to-host: Bytes of a layer's result at an offset. */
#define TML_MSG_TENSOR 0x92
#define TML_TENSOR_LAYER 0 /* u16 */
#define TML_TENSOR_OFFSET 2 /* u32 */
#define TML_TENSOR_BYTES 6 /* bytes */
#define TML_TENSOR_FIXED_BYTES 6

/* to-host: All constants of a layer in the order of the sources. crc: CRC-32. */
#define TML_MSG_WEIGHTS_REPLY 0x93
#define TML_WEIGHTS_REPLY_LAYER 0 /* u16 */
#define TML_WEIGHTS_REPLY_BYTES 2 /* u32 */
#define TML_WEIGHTS_REPLY_CRC 6 /* u32 */
#define TML_WEIGHTS_REPLY_FIXED_BYTES 10

/* to-host: Stack used since start, and there is; 0 and 0 where the board cannot tell. */
#define TML_MSG_MEMORY_REPLY 0x94
#define TML_MEMORY_REPLY_STACK_USED 0 /* u32 */
#define TML_MEMORY_REPLY_STACK_BYTES 4 /* u32 */
#define TML_MEMORY_REPLY_FIXED_BYTES 8

/* to-host: Measurements of the sensor as they go into the window: int16, channels in turn. first: number of the first since start; missed: those lost so far. */
#define TML_MSG_SAMPLES 0x95
#define TML_SAMPLES_FIRST 0 /* u32 */
#define TML_SAMPLES_MISSED 4 /* u32 */
#define TML_SAMPLES_BYTES 8 /* bytes */
#define TML_SAMPLES_FIXED_BYTES 8

/* to-host: The sensor. measures 0: it does not answer. milliHz: measurements in a thousand seconds. scale: unit of one count, bits of a float32. window, hop: measurements of one run, and between two. */
#define TML_MSG_SENSE_REPLY 0x96
#define TML_SENSE_REPLY_MEASURES 0 /* u8 */
#define TML_SENSE_REPLY_CHANNELS 1 /* u8 */
#define TML_SENSE_REPLY_MILLI_HZ 2 /* u32 */
#define TML_SENSE_REPLY_SCALE 6 /* u32 */
#define TML_SENSE_REPLY_WINDOW 10 /* u32 */
#define TML_SENSE_REPLY_HOP 14 /* u32 */
#define TML_SENSE_REPLY_FIXED_BYTES 18

/* Kept free. */
#define TML_MSG_PROFILE_REQUEST 0x10
#define TML_MSG_PROFILE 0x90

/* watch.layer for no tensor, and watch.flags. */
#define TML_NO_LAYER 65535u
#define TML_WATCH_LAYERS 1u

/* sense.flags */
#define TML_SENSE_TELL 1u

/* Codes of error. */
#define TML_ERROR_UNKNOWN_TYPE 1
#define TML_ERROR_BAD_PAYLOAD 2
#define TML_ERROR_OUT_OF_RANGE 3
#define TML_ERROR_NOT_READY 4

/* hello_reply.tick_kind */
#define TML_TICKS_CYCLES 0
#define TML_TICKS_INSTRUCTIONS 1
#define TML_TICKS_NS 2

/* log.level */
#define TML_LOG_DEBUG 0
#define TML_LOG_INFO 1
#define TML_LOG_WARNING 2
#define TML_LOG_ERROR 3

#endif
