// How marks are printed in front of a portion.

import Markings

func printed(_ mark: PortionMark) -> String {
  var parts: [String] = []
  if let value = mark.mark {
    var text = value.family == .cui ? "CUI" : ["U", "C", "S", "TS"][value.level.rawValue]
    for control in (value.controls.union(value.categories)).sorted() { text += "//" + control }
    parts.append("(" + text + ")")
  }
  if let light = mark.trafficLight { parts.append("(" + light.rawValue + ")") }
  return parts.joined(separator: " ")
}
