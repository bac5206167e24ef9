#include <ctype.h>
#include <string.h>

#include "heat.h"

/* Words are runs of characters that are not white space. */
size_t count_words(const char *text)
{
    size_t words = 0;
    int inside = 0;
    for (size_t i = 0; i < strlen(text); i++) {
        int space = isspace((unsigned char)text[i]);
        if (!space && !inside)
            words++;
        inside = !space;
    }
    return words;
}
