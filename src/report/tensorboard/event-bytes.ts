/**
 * TensorBoard's events as bytes: protobuf messages with the field numbers of TensorFlow's event.proto and
 * summary.proto, each framed as a TFRecord.
 */
import protobuf from "protobufjs/light.js";
import { maskedCrc32c } from "./crc32c.js";

/** What stands at a tag: a number for the scalars' charts, or Markdown for the page of texts. */
export type TaggedValue =
  | { readonly tag: string; readonly number: number }
  | { readonly tag: string; readonly markdown: string };

export type EventContent =
  /** The first event of every file. */
  | { readonly kind: "version" }
  /** From this step on, what files before this one say no longer holds. */
  | { readonly kind: "start" }
  | { readonly kind: "values"; readonly values: readonly TaggedValue[] };

type Fields = Record<string, readonly [id: number, type: string, rule?: "repeated"]>;

const messages: Readonly<Record<string, Fields>> = {
  Event: {
    wallTime: [1, "double"],
    step: [2, "int64"],
    fileVersion: [3, "string"],
    summary: [5, "Summary"],
    sessionLog: [7, "SessionLog"],
  },
  SessionLog: { status: [1, "int32"] },
  Summary: { value: [1, "Value", "repeated"] },
  Value: {
    tag: [1, "string"],
    simpleValue: [2, "float"],
    tensor: [8, "TensorProto"],
    metadata: [9, "SummaryMetadata"],
  },
  SummaryMetadata: { pluginData: [1, "PluginData"] },
  PluginData: { pluginName: [1, "string"] },
  TensorProto: {
    dtype: [1, "int32"],
    tensorShape: [2, "TensorShapeProto"],
    stringVal: [8, "bytes", "repeated"],
  },
  TensorShapeProto: {},
};

const eventProto = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(messages).map(([name, fields]) => [
      name,
      {
        fields: Object.fromEntries(
          Object.entries(fields).map(([field, [id, type, rule]]) => [
            field,
            { id, type, ...(rule && { rule }) },
          ]),
        ),
      },
    ]),
  ),
}).lookupType("Event");

/** SessionLog.SessionStatus. */
const sessionStart = 1;

/** DataType. */
const stringType = 7;

/** One event as a whole record of a file. @param seconds since 1970. */
export function eventRecord(seconds: number, step: number, content: EventContent): Uint8Array {
  return record(eventProto.encode({ wallTime: seconds, step, ...bodyOf(content) }).finish());
}

function bodyOf(content: EventContent): object {
  switch (content.kind) {
    case "version":
      return { fileVersion: "brain.Event:2" };
    case "start":
      return { sessionLog: { status: sessionStart } };
    case "values":
      return { summary: { value: content.values.map(valueOf) } };
  }
}

function valueOf(value: TaggedValue): object {
  if ("number" in value) return { tag: value.tag, simpleValue: value.number };
  const text = new TextEncoder().encode(value.markdown);
  return {
    tag: value.tag,
    metadata: { pluginData: { pluginName: "text" } },
    tensor: { dtype: stringType, tensorShape: {}, stringVal: [text] },
  };
}

/** uint64 length, its masked checksum, the data, its masked checksum; all little-endian (TFRecord). */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.byteLength + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.byteLength), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.byteLength, maskedCrc32c(data), true);
  return bytes;
}
