/* The application in two calls: start once, then step for ever. Frameworks with a loop of their own call these. */
#ifndef TML_APP_H
#define TML_APP_H

#ifdef __cplusplus
extern "C" {
#endif

void tml_app_start(void);
void tml_app_step(void);

#ifdef __cplusplus
}
#endif

#endif
