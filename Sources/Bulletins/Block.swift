// The document tree of a bulletin's body. Marks are no part of the text: they were read off the start of each
// block and live in the Portion that the block belongs to.

package import Markings

/// One block; `portion` is the index in `Document.portions` of the portion whose label it has. Containers
/// (list, quote, only, tearline) have none: they are as visible as what they hold.
package struct Block: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    case heading(level: Int, [Inline])
    case paragraph([Inline])
    indirect case list(List)
    case quote([Block])
    indirect case table(Grid)
    /// A fence or an indented code block; `info` is the word after the fence.
    indirect case code(info: String, text: String)
    indirect case chart(Chart)
    indirect case subject(Subject)
    indirect case figure(Figure)
    case thematicBreak
    /// `::: only`: access clauses, and with `p23` that atom, for everything enclosed.
    indirect case only(clauses: [Clause], p23: Bool, [Block])
    /// `::: tearline`: stands in for the one block or group right before it (release-policy.md section 4).
    case tearline([Block])
  }

  package var content: Content
  package var portion: Int?
  /// 1-based line of the bulletin file.
  package var line: Int

  package init(_ content: Content, portion: Int? = nil, line: Int = 0) {
    self.content = content
    self.portion = portion
    self.line = line
  }

  package struct List: Hashable, Sendable {
    package struct Item: Hashable, Sendable {
      package var blocks: [Block]
      package var line: Int
      package init(blocks: [Block], line: Int = 0) {
        self.blocks = blocks
        self.line = line
      }
    }
    /// The source's first number for an ordered list, nil for bullets.
    package var start: Int?
    /// The source's bullet or delimiter character; lists of the same kind that become neighbours are one.
    package var delimiter: Character
    package var items: [Item]
    package init(start: Int?, delimiter: Character = "-", items: [Item]) {
      self.start = start
      self.delimiter = delimiter
      self.items = items
    }
    /// Loose only when a visible item has two or more blocks, nested lists aside.
    package var isLoose: Bool {
      items.contains { item in
        item.blocks.filter { if case .list = $0.content { false } else { true } }.count > 1
      }
    }
  }

  /// A table; cells may hold inline content, rows are padded to the header's width.
  package struct Grid: Hashable, Sendable {
    package enum Alignment: Hashable, Sendable { case none, left, center, right }
    package var alignments: [Alignment]
    package var header: [[Inline]]
    package var rows: [[[Inline]]]
    package init(alignments: [Alignment], header: [[Inline]], rows: [[[Inline]]]) {
      self.alignments = alignments
      self.header = header
      self.rows = rows
    }
  }
}

/// A figure, alone in its paragraph; its label is that of its marked caption.
package struct Figure: Hashable, Sendable {
  /// The file beside the bulletin, as the author named it; never leaves the center.
  package var file: String
  package var alternative: String
  /// The caption without its mark.
  package var caption: String
  package init(file: String, alternative: String, caption: String) {
    self.file = file
    self.alternative = alternative
    self.caption = caption
  }
}

/// A ```chart fence. Products always carry its data as a table too.
package struct Chart: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable { case bar, line, stacked }
  package enum Data: Hashable, Sendable {
    /// The table right before it.
    case table
    /// A CSV file beside the bulletin.
    case file(String)
  }
  package var kind: Kind
  package var data: Data
  package var x: String
  package var y: [String]
  package var title: String
  package var alternative: String
  /// The rows, header first, once the data was read; empty before.
  package var rows: [[String]]
  /// Indices in `rows` of those that the table prints in bold.
  package var boldRows: [Int] = []
  package init(
    kind: Kind, data: Data, x: String, y: [String], title: String, alternative: String, rows: [[String]] = []
  ) {
    self.kind = kind
    self.data = data
    self.x = x
    self.y = y
    self.title = title
    self.alternative = alternative
    self.rows = rows
  }
}

/// A ```subject fence: a person, vehicle or item to look out for. Always renders "verify before acting".
package struct Subject: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable { case person, vehicle, item }
  package var kind: Kind
  /// Its own mark, joined to that of the lead-in; printed on the card.
  package var mark: PortionMark?
  /// Scalar and list fields in source order: (`name`, ["Corwin Pike"]), (`aliases`, ["Halley"]).
  package var fields: [Field]
  /// The photo's file beside the bulletin.
  package var photo: String?

  package struct Field: Hashable, Sendable {
    package var name: String
    package var values: [Value]
    package enum Value: Hashable, Sendable {
      case text(String)
      /// `height: 6 ft 1 in` inside `descriptors`.
      case pair(String, String)
    }
    package init(name: String, values: [Value]) {
      self.name = name
      self.values = values
    }
  }

  package init(kind: Kind, mark: PortionMark? = nil, fields: [Field], photo: String? = nil) {
    self.kind = kind
    self.mark = mark
    self.fields = fields
    self.photo = photo
  }
}
