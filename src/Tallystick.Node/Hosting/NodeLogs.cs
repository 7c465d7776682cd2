using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tallystick.Node.Hosting;

/// <summary>Where details go: nowhere, because people read notices; or to standard error with --debug.</summary>
internal static class NodeLogs
{
    public static ILoggerFactory Create(bool debug)
    {
        if (!debug)
            return NullLoggerFactory.Instance;
        return LoggerFactory.Create(logs => logs
            .SetMinimumLevel(LogLevel.Debug)
            // It writes whole addresses, and that of a sign-in is a secret; the server logs each path itself.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
            })
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
                console => console.LogToStandardErrorThreshold = LogLevel.Trace));
    }
}
