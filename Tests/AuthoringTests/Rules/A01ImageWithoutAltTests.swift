// A01: figures and charts without alternative text.

import Testing

@testable import Authoring

@Suite struct A01ImageWithoutAltTests {
  @Test(arguments: [
    ("![](wire.png \"(U) Figure 1\")", ["+1 warning"]), ("![ ](wire.png \"(U) Figure 1\")", ["+1 warning"]),
    ("![wire.png](wire.png \"(U) Figure 1\")", ["+1 warning"]), ("![IMG_2041.JPG](w.png \"(U) F\")", ["+1 warning"]),
    ("![A cut wire](wire.png \"(U) Figure 1\")", []),
    ("(U) Text\n\n::: only sectors=energy\n![](wire.png \"(U) Figure 1\")\n:::", ["+4 warning"]),
    ("- (U) Item\n\n  ![](wire.png \"(U) Figure 1\")", ["+3 warning"]),
  ]) func figures(_ body: String, _ places: [String]) {
    #expect(RuleSample(body: body).places(A01ImageWithoutAlt()) == places)
  }

  @Test(arguments: [
    ("", ["+7 warning"]), ("alt: \"Bars; A leads with 7\"\n", []),
    ("alt: \"Bars; A leads with 71\"\n", ["+7 warning"]),
  ])
  func charts(_ alternative: String, _ places: [String]) {
    let body = """
      (U) Table 1

      | Town | Count |
      |---|---:|
      | A | 7 |

      ```chart
      kind: bar
      data: table
      x: Town
      y: Count
      title: "Chart 1"
      \(alternative)```
      """
    #expect(RuleSample(body: body).places(A01ImageWithoutAlt()) == places)
  }
}
