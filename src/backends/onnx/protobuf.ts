/**
 * Writes an ONNX model as protobuf bytes. The messages and field numbers are those of the ONNX
 * specification's onnx.proto3 (IR version 10), as far as models made here need them.
 */
import protobuf from "protobufjs/light.js";
import {
  opsets,
  type Attribute,
  type ElementType,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from "./model.js";

const irVersion = 10;

/** TensorProto.DataType. */
const dataTypes: Readonly<Record<ElementType, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  uint32: 12,
};

/** AttributeProto.AttributeType. */
const attributeTypes = { float: 1, int: 2, text: 3, floats: 6, ints: 7 } as const;

type Fields = Record<string, readonly [id: number, type: string, rule?: "repeated" | "oneof"]>;

const messages: Readonly<Record<string, Fields>> = {
  ModelProto: {
    irVersion: [1, "int64"],
    producerName: [2, "string"],
    docString: [6, "string"],
    graph: [7, "GraphProto"],
    opsetImport: [8, "OperatorSetIdProto", "repeated"],
    metadataProps: [14, "StringStringEntryProto", "repeated"],
  },
  OperatorSetIdProto: { domain: [1, "string"], version: [2, "int64"] },
  StringStringEntryProto: { key: [1, "string"], value: [2, "string"] },
  GraphProto: {
    node: [1, "NodeProto", "repeated"],
    name: [2, "string"],
    initializer: [5, "TensorProto", "repeated"],
    input: [11, "ValueInfoProto", "repeated"],
    output: [12, "ValueInfoProto", "repeated"],
  },
  NodeProto: {
    input: [1, "string", "repeated"],
    output: [2, "string", "repeated"],
    name: [3, "string"],
    opType: [4, "string"],
    attribute: [5, "AttributeProto", "repeated"],
    domain: [7, "string"],
  },
  AttributeProto: {
    name: [1, "string"],
    f: [2, "float"],
    i: [3, "int64"],
    s: [4, "bytes"],
    floats: [7, "float", "repeated"],
    ints: [8, "int64", "repeated"],
    type: [20, "int32"],
  },
  TensorProto: {
    dims: [1, "int64", "repeated"],
    dataType: [2, "int32"],
    name: [8, "string"],
    rawData: [9, "bytes"],
  },
  ValueInfoProto: { name: [1, "string"], type: [2, "TypeProto"] },
  TypeProto: { tensorType: [1, "TensorTypeProto"] },
  TensorTypeProto: { elemType: [1, "int32"], shape: [2, "TensorShapeProto"] },
  TensorShapeProto: { dim: [1, "DimensionProto", "repeated"] },
  DimensionProto: { dimValue: [1, "int64", "oneof"], dimParam: [2, "string", "oneof"] },
};

const modelProto = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(messages).map(([name, fields]) => [name, messageDescriptor(fields)]),
  ),
}).lookupType("ModelProto");

function messageDescriptor(fields: Fields): protobuf.IType {
  const either = Object.entries(fields).filter(([, [, , rule]]) => rule === "oneof");
  return {
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, [id, type, rule]]) => [
        name,
        { id, type, ...(rule === "repeated" && { rule }) },
      ]),
    ),
    ...(either.length > 0 && { oneofs: { value: { oneof: either.map(([name]) => name) } } }),
  };
}

/** The largest model that protobuf can hold. */
export const byteLimit = 2 ** 31 - 1;

/** Bytes of all constants, which is most of a model with weights. */
export function constantBytes({ constants }: OnnxModel): number {
  return constants.reduce((sum, { data }) => sum + data.byteLength, 0);
}

/** @throws RangeError where the constants alone exceed `byteLimit`. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const size = constantBytes(model);
  if (size > byteLimit) {
    throw new RangeError(`${model.name} has ${size} bytes of weights; a model file holds 2 GiB`);
  }
  const domains = new Set(["", ...model.nodes.map(({ domain }) => domain)]);
  return modelProto
    .encode({
      irVersion,
      producerName: "resnetc",
      docString: model.documentation,
      opsetImport: [...domains].map((domain) => ({ domain, version: opsets[domain] ?? 1 })),
      metadataProps: [...model.metadata].map(([key, value]) => ({ key, value })),
      graph: {
        name: model.name,
        node: model.nodes.map(nodeMessage),
        initializer: model.constants.map(tensorMessage),
        input: model.inputs.map(valueMessage),
        output: model.outputs.map(valueMessage),
      },
    })
    .finish();
}

function nodeMessage({ name, op, domain, inputs, outputs, attributes }: OnnxNode): object {
  return {
    name,
    opType: op,
    domain,
    input: inputs,
    output: outputs,
    attribute: Object.entries(attributes).map(([key, value]) => attributeMessage(key, value)),
  };
}

function attributeMessage(name: string, value: Attribute): object {
  if ("int" in value) return { name, type: attributeTypes.int, i: value.int };
  if ("float" in value) return { name, type: attributeTypes.float, f: value.float };
  if ("ints" in value) return { name, type: attributeTypes.ints, ints: value.ints };
  if ("floats" in value) return { name, type: attributeTypes.floats, floats: value.floats };
  return { name, type: attributeTypes.text, s: new TextEncoder().encode(value.text) };
}

/** ONNX wants little-endian bytes, which is how every machine that Node runs on keeps them. */
function tensorMessage({ name, type, dims, data }: OnnxTensor): object {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims, dataType: dataTypes[type], rawData };
}

function valueMessage({ name, type, dims, sequence = false }: OnnxValue): object {
  const dim = dims.map((extent) =>
    typeof extent === "number" ? { dimValue: extent } : { dimParam: extent },
  );
  const tensor = { tensorType: { elemType: dataTypes[type], shape: { dim } } };
  return { name, type: sequence ? { sequenceType: { elemType: tensor } } : tensor };
}
