// Finds the codes of the errors that a function can throw, by following its calls through the sources. An error that the function creates
// counts as thrown. Calls through an interface are not followed, and a `try` whose `catch` throws nothing is left out.
import ts from 'typescript'

const isFunction = (node) => node !== undefined && ts.isFunctionLike(node) && node.body !== undefined

/** Whether a function in the body of another runs with it: given to a call as an argument, or called on the spot. */
const runsInPlace = (node) =>
  ts.isCallExpression(node.parent) || ts.isNewExpression(node.parent) || ts.isParenthesizedExpression(node.parent)

function throws(node) {
  return ts.isThrowStatement(node) || (ts.forEachChild(node, (child) => throws(child) || undefined) ?? false)
}

const literalsOf = (type) => (type.isUnion() ? type.types : [type]).flatMap((each) => (each.isStringLiteral() ? [each.value] : []))

/** Whether a type is that of this project's errors. */
export function isErrorType(type, checker) {
  return (
    type.symbol?.name === 'MobileNetV2Error' ||
    (type.isClassOrInterface() && checker.getBaseTypes(type).some((base) => isErrorType(base, checker)))
  )
}

/**
 * A function that gives the codes of a declared function, each with the names of the functions on the way to it.
 * @param isOwn whether a declaration is in the sources
 */
export function thrownCodesOf(checker, isOwn) {
  /** By function: its own codes, the functions it calls, and the parameters whose value is the code of an error. */
  const known = new Map()

  const superCode = (declaration) => {
    let found = []
    const visit = (node) => {
      if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword && node.arguments[0] !== undefined) {
        found = literalsOf(checker.getTypeAtLocation(node.arguments[0]))
      }
      ts.forEachChild(node, visit)
    }
    visit(declaration)
    return found
  }

  const implementationOf = (declaration) => {
    if (isFunction(declaration)) return declaration
    if (declaration === undefined || !ts.isFunctionDeclaration(declaration)) return undefined
    return checker.getSymbolAtLocation(declaration.name)?.declarations?.find(isFunction)
  }

  const readFunction = (declaration) => {
    const facts = { codes: new Set(), calls: [], parameters: new Map() }
    known.set(declaration, facts)
    const addCode = (argument) => {
      const symbol = ts.isIdentifier(argument) ? checker.getSymbolAtLocation(argument) : undefined
      const index = declaration.parameters.findIndex(
        ({ name }) => symbol !== undefined && checker.getSymbolAtLocation(name) === symbol,
      )
      if (index >= 0) facts.parameters.set(index, declaration.parameters[index].initializer)
      else for (const code of literalsOf(checker.getTypeAtLocation(argument))) facts.codes.add(code)
    }
    const addCall = (callee, call) => {
      const called = implementationOf(callee)
      if (called !== undefined && isOwn(called)) facts.calls.push({ called, call })
    }
    const visit = (node) => {
      if (isFunction(node) && node !== declaration && !runsInPlace(node)) return
      if (ts.isTryStatement(node) && node.catchClause !== undefined && !throws(node.catchClause)) {
        visit(node.catchClause)
        if (node.finallyBlock !== undefined) visit(node.finallyBlock)
        return
      }
      if (ts.isNewExpression(node)) {
        const type = checker.getTypeAtLocation(node)
        if (type.symbol?.name === 'MobileNetV2Error') addCode(node.arguments[0])
        else if (isErrorType(type, checker)) for (const code of superCode(type.symbol.valueDeclaration)) facts.codes.add(code)
      }
      if (ts.isCallExpression(node)) {
        addCall(checker.getResolvedSignature(node)?.declaration, node)
        for (const argument of node.arguments) {
          if (!ts.isIdentifier(argument)) continue
          for (const signature of checker.getTypeAtLocation(argument).getCallSignatures()) addCall(signature.declaration, null)
        }
      }
      ts.forEachChild(node, visit)
    }
    visit(declaration)
    return facts
  }

  const nameOf = (declaration) => declaration.name?.getText() ?? declaration.parent?.name?.getText() ?? '(a function)'

  return (root) => {
    const found = new Map()
    const seen = new Set()
    const follow = (declaration, way) => {
      if (seen.has(declaration)) return
      seen.add(declaration)
      const { codes, calls } = known.get(declaration) ?? readFunction(declaration)
      for (const code of codes) if (!found.has(code)) found.set(code, way)
      for (const { called, call } of calls) {
        const { parameters } = known.get(called) ?? readFunction(called)
        for (const [index, initializer] of parameters) {
          const value = call?.arguments[index] ?? initializer
          const values = value === undefined ? [] : literalsOf(checker.getTypeAtLocation(value))
          for (const code of values) if (!found.has(code)) found.set(code, [...way, nameOf(called)])
        }
        follow(called, [...way, nameOf(called)])
      }
    }
    follow(root, [])
    return found
  }
}
