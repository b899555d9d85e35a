// GMime as the system has it. Only the C of Sources/CMime includes it: Swift never sees GLib's types.
#ifndef REVERE_CGMIME_SHIM_H
#define REVERE_CGMIME_SHIM_H
#include <gmime/gmime.h>
#endif
