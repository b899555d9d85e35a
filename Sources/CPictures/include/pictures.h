// Decodes and encodes PNG and JPEG from pixels; see pictures.c.
