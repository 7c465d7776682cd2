using System.Net;
using System.Net.Sockets;
using System.Text;
using Tallystick.Node.Hosting;

namespace Tallystick.Node.Tests.Hosting;

public sealed class PortTests : IDisposable
{
    private readonly string parent = Directory.CreateTempSubdirectory("tallystick-").FullName;
    private readonly DataFolder folder;

    public PortTests() => folder = DataFolder.Open(Path.Combine(parent, "node"), temporary: false);

    public void Dispose()
    {
        folder.Dispose();
        Directory.Delete(parent, recursive: true);
    }

    [Fact]
    public void Without_a_wish_a_free_port_is_chosen_once_and_remembered()
    {
        int first;
        using (var socket = WebPort.Bind(null, folder))
            first = PortOf(socket!);
        using var again = WebPort.Bind(null, folder);
        Assert.Equal(first, PortOf(again!));
    }

    [Fact]
    public void A_remembered_port_that_is_taken_is_replaced_and_the_new_one_remembered()
    {
        using var taken = WebPort.Bind(null, folder);
        using var other = WebPort.Bind(null, folder);
        Assert.NotEqual(PortOf(taken!), PortOf(other!));
        Assert.Equal(PortOf(other!), folder.RememberedWebPort);
    }

    [Fact]
    public void A_wished_port_that_is_taken_is_refused_in_one_sentence()
    {
        using var taken = WebPort.Bind(null, folder);
        var refused = Assert.Throws<CannotStartException>(() => WebPort.Bind(PortOf(taken!), folder));
        Assert.Contains("another program uses it", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--web", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65536)]
    public void A_number_that_is_no_port_is_refused(int port) =>
        Assert.Throws<CannotStartException>(() => WebPort.Bind(port, folder));

    [Fact]
    public void Zero_closes_the_port() => Assert.Null(WebPort.Bind(0, folder));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("70000")]
    public void What_is_remembered_wrongly_is_forgotten(string remembered)
    {
        File.WriteAllText(folder.PathOf("web-port"), remembered);
        Assert.Null(folder.RememberedWebPort);
    }

    [Fact]
    public void The_socket_lies_in_the_data_folder_and_only_its_owner_may_connect()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var path = ApiSocket.PathFor(folder.Path);
        Assert.Equal(folder.PathOf("api.sock"), path);
        File.WriteAllText(path, "left by a node that died");
        using var socket = ApiSocket.Bind(path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        ApiSocket.Remove(path, folder.Path);
        Assert.False(File.Exists(path));
        Assert.True(Directory.Exists(folder.Path));
    }

    [Fact]
    public void A_path_that_is_too_long_for_a_socket_gives_way_to_a_private_temporary_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var deep = Path.Combine(parent, new string('d', 120));
        var path = ApiSocket.PathFor(deep);
        Assert.True(Encoding.UTF8.GetByteCount(path) <= 100);
        Assert.Equal(path, ApiSocket.PathFor(deep));
        Assert.NotEqual(path, ApiSocket.PathFor(deep + "x"));
        using var socket = ApiSocket.Bind(path);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        ApiSocket.Remove(path, deep);
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }

    [Fact]
    public void A_link_in_place_of_the_temporary_folder_is_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var path = ApiSocket.PathFor(Path.Combine(parent, new string('e', 120)));
        var trap = Path.GetDirectoryName(path)!;
        Directory.CreateSymbolicLink(trap, parent);
        try
        {
            Assert.Throws<CannotStartException>(() => ApiSocket.Bind(path));
        }
        finally
        {
            File.Delete(trap);
        }
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
