// libxml2 as the system has it, without ICU: its types would collide with those that Foundation brings.
#ifndef REVERE_CLIBXML2_SHIM_H
#define REVERE_CLIBXML2_SHIM_H
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlwriter.h>
#endif
