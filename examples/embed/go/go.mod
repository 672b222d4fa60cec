module libdeploy.example/promote

go 1.19
