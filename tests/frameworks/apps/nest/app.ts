// A Nest app as people write it: a controller whose dependency is injected by its type.
import "reflect-metadata";
import { type ArgumentsHost, All, Catch, Controller, Injectable, Module, Req, Res } from "@nestjs/common";
import { BaseExceptionFilter, HttpAdapterHost, NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import { type Event, Webhook, type WebhookError } from "countersign";
import { nestWebhook, rawBody } from "countersign/nest";
import type { Request, Response } from "express";

interface Box {
  readonly options: {
    readonly maxBytes: number;
    handler(event: Event, context: object): unknown;
    onRefused(error: WebhookError): void;
  };
  readonly failed: unknown[];
}

@Injectable()
class Orders {
  box?: Box;
  handle(event: Event, context: object): unknown {
    return this.box?.options.handler(event, context);
  }
}

@Controller(["hook", "json"])
class Hooks {
  receive?: (req: Request, res: Response) => Promise<void>;
  constructor(private readonly orders: Orders) {}

  configure({ options }: Box, secret: string): void {
    this.receive = nestWebhook(new Webhook("standard-webhooks", secret), {
      ...options,
      handler: (event, context) => this.orders.handle(event, context),
    });
  }

  @All()
  all(@Req() req: Request, @Res() res: Response): Promise<void> | undefined {
    return this.receive?.(req, res);
  }
}

@Module({ controllers: [Hooks], providers: [Orders] })
class App {}

export async function start(box: Box, secret: string): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(App, { logger: false });
  app.get(Orders).box = box;
  app.get(Hooks).configure(box, secret);

  @Catch()
  class Reports extends BaseExceptionFilter {
    override catch(error: unknown, host: ArgumentsHost): void {
      box.failed.push(error);
      super.catch(error, host);
    }
  }
  app.useGlobalFilters(new Reports(app.get(HttpAdapterHost).httpAdapter));
  app.use("/hook", rawBody({ maxBytes: box.options.maxBytes }));
  await app.listen(0, "127.0.0.1");
  return app;
}
