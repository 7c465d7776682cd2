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
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
            })
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
                console => console.LogToStandardErrorThreshold = LogLevel.Trace));
    }
}
