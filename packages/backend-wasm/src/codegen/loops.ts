import { advance, type Code, type Local, loopWhile, type NewLocal, op, plus, type Statement, when } from '@mobilenetv2/assembler'

/** Runs `body` `count` times, at least once. Each time `body` must advance `pointer` by `bytes`. */
export function repeat(
  local: NewLocal,
  count: number,
  pointer: Local<'i32'>,
  bytes: number,
  body: readonly Statement[],
): Statement[] {
  if (count === 1) return [...body]
  const end = local('i32')
  return [end.set(plus(pointer.get, count * bytes)), loopWhile(body, op('i32.ne', pointer.get, end.get))]
}

/** Runs `body` for each unit from `begin` to before `end`, of which there may be none. At the end `begin` equals `end`. */
export function forEachUnit(begin: Local<'i32'>, end: Local<'i32'>, body: readonly Statement[]): Statement[] {
  const more = op('i32.lt_u', begin.get, end.get)
  return [when(more, [loopWhile([...body, advance(begin, 1)], more)])]
}

/** Runs `body` for each `row` from `first` to before `last`, of which there may be none. */
export function forRows(row: Local<'i32'>, first: Code<'i32'>, last: Code<'i32'>, body: readonly Statement[]): Statement[] {
  const more = op('i32.lt_s', row.get, last)
  return [row.set(first), when(more, [loopWhile([...body, advance(row, 1)], more)])]
}
