import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A JSON Schema (draft 2020-12), as far as contracts need it. */
export interface JsonSchema {
  [keyword: string]: unknown;
}

/**
 * The JSON Schema of an exported interface, read from its source: the contract is written once, in TypeScript.
 * A contract is flat and plain; what this does not know (a class, a generic, an intersection) is an error, not a guess.
 * @throws Error naming the declaration
 */
export function schemaOf(root: string, file: string, name: string): JsonSchema {
  const path = join(root, 'libs/contracts/src', file);
  if (!existsSync(path)) throw new Error(`${path} does not exist`);
  const program = ts.createProgram([path], { strict: true, noLib: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path);
  const declaration = source?.statements.find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  if (!declaration) throw new Error(`${file} has no interface ${name}`);
  return objectOf(declaration.members, describe(declaration), declaration.getSourceFile(), checker);
}

function objectOf(
  members: ts.NodeArray<ts.TypeElement>,
  description: JsonSchema,
  source: ts.SourceFile,
  checker: ts.TypeChecker,
): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const member of members) {
    if (!ts.isPropertySignature(member) || !member.type)
      throw new Error(`not a property: ${member.getText(source)}`);
    const key = member.name.getText(source).replace(/^['"]|['"]$/g, '');
    properties[key] = { ...describe(member), ...typeOf(member.type, source, checker) };
    if (!member.questionToken) required.push(key);
  }
  // A newer producer may add a field: consumers ignore what they do not know.
  return { ...description, type: 'object', properties, required, additionalProperties: true };
}

function typeOf(node: ts.TypeNode, source: ts.SourceFile, checker: ts.TypeChecker): JsonSchema {
  if (ts.isArrayTypeNode(node)) return { type: 'array', items: typeOf(node.elementType, source, checker) };
  if (ts.isTypeLiteralNode(node)) return objectOf(node.members, {}, source, checker);
  if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) return { const: node.literal.text };
  if (ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword) return { type: 'null' };
  if (ts.isUnionTypeNode(node)) return unionOf(node, source, checker);
  if (ts.isTypeReferenceNode(node)) return referenceOf(node, source, checker);
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
      return { type: 'string' };
    case ts.SyntaxKind.NumberKeyword:
      return { type: 'number' };
    case ts.SyntaxKind.BooleanKeyword:
      return { type: 'boolean' };
    case ts.SyntaxKind.UnknownKeyword:
      return {};
    default:
      throw new Error(`a contract cannot hold ${node.getText(source)}`);
  }
}

function unionOf(node: ts.UnionTypeNode, source: ts.SourceFile, checker: ts.TypeChecker): JsonSchema {
  const members = node.types.map((member) => typeOf(member, source, checker));
  const values = members.map((member) => member['const']);
  return values.every((value) => typeof value === 'string')
    ? { type: 'string', enum: values }
    : { anyOf: members };
}

function referenceOf(node: ts.TypeReferenceNode, source: ts.SourceFile, checker: ts.TypeChecker): JsonSchema {
  const name = node.typeName.getText(source);
  const [, value] = node.typeArguments ?? [];
  if (name === 'Record' && value)
    return { type: 'object', additionalProperties: typeOf(value, source, checker) };
  const declaration = checker.getSymbolAtLocation(node.typeName)?.declarations?.[0];
  if (!declaration || !ts.isInterfaceDeclaration(declaration))
    throw new Error(`a contract cannot hold ${node.getText(source)}`);
  return objectOf(declaration.members, describe(declaration), declaration.getSourceFile(), checker);
}

function describe(node: ts.Node): JsonSchema {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(comment?.comment)?.replace(/\s+/g, ' ').trim();
  return text ? { description: text } : {};
}
