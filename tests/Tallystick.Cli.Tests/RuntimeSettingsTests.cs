using System.Text.Json;

namespace Tallystick.Cli.Tests;

public sealed class RuntimeSettingsTests
{
    // A misspelt property of the project asks for nothing, and no build tells.
    [Fact]
    public void The_program_asks_for_the_server_collector()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "tallystick.runtimeconfig.json");
        using var settings = JsonDocument.Parse(File.ReadAllBytes(file));
        var properties = settings.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");

        Assert.True(properties.GetProperty("System.GC.Server").GetBoolean());
    }
}
