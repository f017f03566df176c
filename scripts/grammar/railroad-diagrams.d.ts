/** The part of railroad-diagrams 1.0.0 that is used here; it ships without types. */
declare module "railroad-diagrams" {
  export interface Item {
    readonly attrs: Record<string, string | number>;
    width: number;
  }
  export interface Drawing extends Item {
    format(top: number, right: number, bottom: number, left: number): Drawing;
    toString(): string;
  }
  function Diagram(...items: readonly Item[]): Drawing;
  function Sequence(...items: readonly Item[]): Item;
  /** `normal` is the index of the alternative on the straight line. */
  function Choice(normal: number, ...items: readonly Item[]): Item;
  function Optional(item: Item): Item;
  function OneOrMore(item: Item, separator?: Item): Item;
  function ZeroOrMore(item: Item, separator?: Item): Item;
  function Terminal(text: string): Item;
  function NonTerminal(text: string): Item;
  function Skip(): Item;
  const railroad: {
    readonly Diagram: typeof Diagram;
    readonly Sequence: typeof Sequence;
    readonly Choice: typeof Choice;
    readonly Optional: typeof Optional;
    readonly OneOrMore: typeof OneOrMore;
    readonly ZeroOrMore: typeof ZeroOrMore;
    readonly Terminal: typeof Terminal;
    readonly NonTerminal: typeof NonTerminal;
    readonly Skip: typeof Skip;
  };
  /** A CommonJS module, which Node.js gives as its default export. */
  export default railroad;
}
