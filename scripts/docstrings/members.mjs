// Checks the members of exported types. A member must have a docstring, or the docstring of its type must name it in backticks. The tag of
// a union (`kind: 'dense'`) needs no docstring.
import ts from 'typescript'

const commentOf = (node) => (node.jsDoc ?? []).map((doc) => doc.getText()).join('\n')

const isMethod = (node) => ts.isMethodSignature(node) || ts.isMethodDeclaration(node)

const isMember = (node) => ts.isPropertySignature(node) || ts.isPropertyDeclaration(node) || isMethod(node)

const isTag = ({ type }) => type !== undefined && ts.isLiteralTypeNode(type)

/** A member that users do not see, or that a class has from the class that it extends. */
const isHidden = (member) =>
  (ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Override)) !== 0

/** Whether the words around a member name it: `name`, `name(…)`, `name: type`. */
const isNamed = (name, words) => new RegExp(`\`${name}(?![\\w])`).test(words)

/** Every declaration of the interfaces and classes that a type extends. */
function basesOf(declaration, checker) {
  return (declaration.heritageClauses ?? [])
    .flatMap(({ types }) => types)
    .flatMap((type) => checker.getTypeAtLocation(type).symbol?.declarations ?? [])
}

/**
 * The members of an exported type that no docstring describes.
 * @param isOwn whether a declaration is in the package at hand
 */
export function undescribedMembers(declaration, checker, isOwn) {
  const found = new Set()
  const visit = (node, words) => {
    if (isMember(node)) {
      if (!ts.isIdentifier(node.name) || isHidden(node)) return
      if (commentOf(node) === '' && !isTag(node) && !isNamed(node.name.text, words)) found.add(node)
      if (node.type !== undefined && !isMethod(node)) visit(node.type, words + commentOf(node))
    } else if (ts.isConditionalTypeNode(node)) {
      visit(node.trueType, words)
      visit(node.falseType, words)
    } else if (!ts.isBlock(node)) {
      ts.forEachChild(node, (child) => visit(child, words))
    }
  }
  const describe = (each) => {
    visit(each, commentOf(each))
    for (const base of basesOf(each, checker)) if (isOwn(base) && base !== each) describe(base)
  }
  if (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration) || ts.isClassDeclaration(declaration)) {
    describe(declaration)
  }
  return [...found]
}
